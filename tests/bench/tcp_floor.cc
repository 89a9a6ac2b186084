#include "tests/bench/tcp_floor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

constexpr size_t kReadBytes = 256 << 10;  // as server/ingest/raw has it
constexpr size_t kLengthBytes = 4;
constexpr int kBacklog = 128;

void EndIf(bool failed, const char* call) {
  if (!failed) return;
  std::perror(call);
  std::exit(1);
}

sockaddr* Generic(sockaddr_in* address) {
  return reinterpret_cast<sockaddr*>(address);
}

UniqueFd Listen() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EndIf(bind(fd.get(), Generic(&address), sizeof address) != 0, "bind");
  EndIf(listen(fd.get(), kBacklog) != 0, "listen");
  return fd;
}

}  // namespace

TcpFloor::TcpFloor(const WrittenOnce* file)
    : file_(*file),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      listener_(Listen()),
      buffer_(kReadBytes) {
  Watch(listener_.get());
}

std::string TcpFloor::address() const {
  sockaddr_in address;
  socklen_t size = sizeof address;
  EndIf(getsockname(listener_.get(), Generic(&address), &size) != 0,
        "getsockname");
  return absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
}

void TcpFloor::Run() {
  std::array<epoll_event, 64> ready;
  while (true) {
    const int count = epoll_wait(epoll_.get(), ready.data(), ready.size(), -1);
    for (int i = 0; i < count; ++i) {
      if (ready[i].data.fd == listener_.get()) {
        Accept();
      } else {
        Read(ready[i].data.fd);
      }
    }
  }
}

void TcpFloor::Watch(int fd) {
  epoll_event event = {.events = EPOLLIN};
  event.data.fd = fd;
  EndIf(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0, "epoll_ctl");
}

void TcpFloor::Accept() {
  UniqueFd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd.valid()) return;
  Watch(fd.get());
  const int number = fd.get();
  peers_[number].fd = std::move(fd);
}

void TcpFloor::Read(int fd) {
  const ssize_t count = recv(fd, buffer_.data(), buffer_.size(), 0);
  if (count <= 0) {
    peers_.erase(fd);
    return;
  }
  pieces_.clear();
  Split(absl::string_view(buffer_.data(), static_cast<size_t>(count)),
        &peers_[fd]);
  file_.Append(pieces_);
}

void TcpFloor::Split(absl::string_view bytes, Peer* peer) {
  while (!bytes.empty()) {
    if (peer->payload_left == 0) {
      const size_t taken =
          std::min(bytes.size(), kLengthBytes - peer->length.size());
      peer->length.append(bytes.data(), taken);
      bytes.remove_prefix(taken);
      if (peer->length.size() < kLengthBytes) return;
      uint32_t length;
      std::memcpy(&length, peer->length.data(), sizeof length);
      peer->payload_left = ntohl(length);
      peer->length.clear();
    }
    const size_t taken = std::min(bytes.size(), peer->payload_left);
    if (taken == 0) continue;
    pieces_.push_back({const_cast<char*>(bytes.data()), taken});
    bytes.remove_prefix(taken);
    peer->payload_left -= taken;
  }
}

}  // namespace logboom
