#include "tests/testing/tcp_proxy.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace logboom {
namespace {

constexpr size_t kPipeBytes = 64 * 1024;
// How often a slow network moves something.
constexpr int kSlowTickMilliseconds = 20;

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool WouldBlock() { return errno == EAGAIN || errno == EINTR; }

// Adds what `from` has to `bytes`, up to `size`; false when it broke.
bool Fill(int from, size_t size, std::string* bytes, bool* ended) {
  char chunk[kPipeBytes];
  const ssize_t count =
      recv(from, chunk, std::min(size, sizeof chunk), MSG_DONTWAIT);
  if (count < 0) return WouldBlock();
  bytes->append(chunk, static_cast<size_t>(count));
  *ended = count == 0;
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TcpProxy>> TcpProxy::Start(
    uint16_t server_port) {
  auto proxy = std::unique_ptr<TcpProxy>(new TcpProxy());
  proxy->server_port_ = server_port;
  proxy->listener_ =
      UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  proxy->wake_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const int fd = proxy->listener_.get();
  if (bind(fd, any, size) != 0 || listen(fd, 100) != 0 ||
      getsockname(fd, any, &size) != 0) {
    return absl::ErrnoToStatus(errno, "a listener of the proxy");
  }
  proxy->port_ = ntohs(address.sin_port);
  proxy->thread_ = std::thread([raw = proxy.get()] { raw->Run(); });
  return proxy;
}

TcpProxy::~TcpProxy() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(&mu_);
    stop_ = true;
  }
  Wake();
  thread_.join();
}

std::string TcpProxy::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

void TcpProxy::Cut() {
  {
    MutexLock lock(&mu_);
    cut_ = true;
  }
  Wake();
}

void TcpProxy::StallEachAfter(int64_t bytes) {
  MutexLock lock(&mu_);
  stall_after_bytes_ = bytes;
}

bool TcpProxy::Pipe::takes_more() const {
  return !source_ended && left_bytes > 0 && bytes.size() < kPipeBytes;
}

void TcpProxy::SetRate(int64_t bytes_per_second) {
  {
    MutexLock lock(&mu_);
    rate_ = bytes_per_second;
    saved_ = 0;
    saved_at_ = absl::Now();
  }
  Wake();
}

void TcpProxy::Wake() { eventfd_write(wake_.get(), 1); }

void TcpProxy::Run() {
  while (true) {
    {
      MutexLock lock(&mu_);
      if (stop_) return;
      if (std::exchange(cut_, false)) links_.clear();
    }
    int64_t allowance = Allowance();
    for (Link& link : links_) {
      link.broken |=
          Move(link.client.get(), link.server.get(), &link.up, &allowance) ||
          Move(link.server.get(), link.client.get(), &link.down, &allowance);
    }
    links_.remove_if([](const Link& link) { return link.broken; });
    Poll(allowance);
  }
}

int64_t TcpProxy::Allowance() {
  MutexLock lock(&mu_);
  if (rate_ == kUnlimited || rate_ == 0) return rate_;
  const absl::Time now = absl::Now();
  const double rate = static_cast<double>(rate_);
  saved_ += rate * absl::ToDoubleSeconds(now - saved_at_);
  saved_at_ = now;
  const auto whole = static_cast<int64_t>(saved_);
  saved_ -= static_cast<double>(whole);
  return whole;
}

void TcpProxy::Poll(int64_t allowance) {
  std::vector<pollfd> polled = {{wake_.get(), POLLIN, 0},
                                {listener_.get(), POLLIN, 0}};
  bool limited = false;
  {
    MutexLock lock(&mu_);
    limited = rate_ != kUnlimited;
  }
  if (!limited && allowance > 0) {
    for (const Link& link : links_) {
      const auto events = [](const Pipe& in, const Pipe& out) {
        return static_cast<short>((in.takes_more() ? POLLIN : 0) |
                                  (out.bytes.empty() ? 0 : POLLOUT));
      };
      polled.push_back({link.client.get(), events(link.up, link.down), 0});
      polled.push_back({link.server.get(), events(link.down, link.up), 0});
    }
  }
  poll(polled.data(), polled.size(), limited ? kSlowTickMilliseconds : 1000);
  eventfd_t ignored;
  if (polled[0].revents != 0) eventfd_read(wake_.get(), &ignored);
  if (polled[1].revents != 0) AcceptOne();
}

void TcpProxy::AcceptOne() {
  UniqueFd client(
      accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client.valid()) return;
  int64_t stall_after_bytes;
  {
    // Before the server can see that there is a new connection.
    MutexLock lock(&mu_);
    stall_after_bytes = stall_after_bytes_;
  }
  // Loopback connects at once or not at all.
  UniqueFd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Loopback(server_port_);
  if (connect(server.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof address) != 0) {
    return;
  }
  MutexLock lock(&mu_);
  links_.push_back({.client = std::move(client),
                    .server = std::move(server),
                    .up = {.left_bytes = stall_after_bytes}});
}

bool TcpProxy::Move(int from, int to, Pipe* pipe, int64_t* allowance) {
  if (*allowance <= 0) return false;
  if (pipe->takes_more()) {
    const size_t before = pipe->bytes.size();
    const auto room = static_cast<int64_t>(kPipeBytes - before);
    const auto size =
        static_cast<size_t>(std::min({*allowance, room, pipe->left_bytes}));
    if (!Fill(from, size, &pipe->bytes, &pipe->source_ended)) return true;
    pipe->left_bytes -= static_cast<int64_t>(pipe->bytes.size() - before);
  }
  if (!pipe->bytes.empty()) {
    const size_t size =
        std::min(pipe->bytes.size(), static_cast<size_t>(*allowance));
    const ssize_t sent =
        send(to, pipe->bytes.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && !WouldBlock()) return true;
    const auto gone = std::max<ssize_t>(sent, 0);
    pipe->bytes.erase(0, static_cast<size_t>(gone));
    if (*allowance != kUnlimited) *allowance -= gone;
  }
  // A connection that one side has closed is closed for the other as well.
  return pipe->source_ended && pipe->bytes.empty();
}

}  // namespace logboom
