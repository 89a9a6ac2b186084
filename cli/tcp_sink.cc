#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/unique_fd.h"
#include "cli/record_sink.h"

namespace logboom {
namespace {

absl::Status Unavailable(absl::string_view what, absl::string_view address) {
  const char* why = errno == EAGAIN || errno == EINPROGRESS
                        ? "timed out"
                        : std::strerror(errno);
  return absl::UnavailableError(absl::StrCat(what, " ", address, ": ", why));
}

class TcpSink final : public RecordSink {
 public:
  TcpSink(UniqueFd fd, std::string address)
      : fd_(std::move(fd)), address_(std::move(address)) {}

  size_t max_batch_bytes() const override { return size_t{256} << 10; }
  absl::Status Send(absl::string_view records, int64_t count) override;
  absl::Status Close() override;
  absl::string_view promise() const override {
    return "sent; the raw port acknowledges nothing";
  }

 private:
  absl::Status Write(absl::string_view bytes);

  const UniqueFd fd_;
  const std::string address_;
  absl::Status failed_;
};

absl::Status TcpSink::Send(absl::string_view records, int64_t count) {
  // An encoded LogBatch with nothing but records is just them.
  const auto size = static_cast<uint32_t>(records.size());
  const std::array<char, 4> length = {
      static_cast<char>(size >> 24), static_cast<char>(size >> 16),
      static_cast<char>(size >> 8), static_cast<char>(size)};
  failed_ = Write(absl::string_view(length.data(), length.size()));
  if (failed_.ok()) failed_ = Write(records);
  return failed_;
}

absl::Status TcpSink::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Unavailable("cannot send to", address_);
    bytes.remove_prefix(written);
  }
  return absl::OkStatus();
}

absl::Status TcpSink::Close() {
  LOGBOOM_RETURN_IF_ERROR(failed_);
  shutdown(fd_.get(), SHUT_WR);
  // The server sends nothing; whatever it sends, its end is what counts.
  char ignored[256];
  while (true) {
    const ssize_t count = recv(fd_.get(), ignored, sizeof(ignored), 0);
    if (count == 0) return absl::OkStatus();
    if (count < 0 && errno != EINTR) {
      return Unavailable("all bytes were written, but no answering close from",
                         address_);
    }
  }
}

// For connect, send and recv alike (socket(7)).
void SetTimeout(int fd, absl::Duration timeout) {
  const timeval value = absl::ToTimeval(timeout);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof(value));
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof(value));
}

struct PeerAddress {
  std::string host;
  std::string port;
};

absl::StatusOr<PeerAddress> SplitAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is not host:port"));
  }
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return PeerAddress{host.empty() ? "localhost" : host,
                     address.substr(colon + 1)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordSink>> OpenTcpSink(
    const std::string& address, absl::Duration timeout) {
  LOGBOOM_ASSIGN_OR_RETURN(const PeerAddress peer, SplitAddress(address));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error =
      getaddrinfo(peer.host.c_str(), peer.port.c_str(), &hints, &list);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot reach ", address, ": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list,
                                                                 freeaddrinfo);
  for (const addrinfo* next = list; next != nullptr; next = next->ai_next) {
    UniqueFd fd(socket(next->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd.valid()) continue;
    SetTimeout(fd.get(), timeout);
    if (connect(fd.get(), next->ai_addr, next->ai_addrlen) == 0) {
      return std::make_unique<TcpSink>(std::move(fd), address);
    }
  }
  return Unavailable("cannot reach", address);
}

}  // namespace logboom
