#include "tests/bench/tcp_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace logboom {
namespace {

constexpr absl::Duration kRetryInterval = absl::Milliseconds(5);

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

UniqueFd NewSocket() {
  return UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

// A line of proc(5)'s table of sockets has the local address as HOST:PORT in
// hexadecimal, the remote one and the state, of which 0A is listening.
bool IsListening(uint16_t port) {
  const std::string wanted = absl::StrFormat(":%04X", port);
  std::ifstream table("/proc/net/tcp");
  std::string line;
  while (std::getline(table, line)) {
    const std::vector<std::string> fields =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (fields.size() > 3 && absl::EndsWith(fields[1], wanted) &&
        fields[3] == "0A") {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<UniqueFd> ConnectTcp(const std::string& address) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  uint32_t port = 0;
  if (!absl::SimpleAtoi(parts.back(), &port)) {
    return absl::InvalidArgumentError(absl::StrCat("no port in ", address));
  }
  const sockaddr_in to = Loopback(static_cast<uint16_t>(port));
  UniqueFd fd = NewSocket();
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) !=
      0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("connect ", address));
  }
  const timeval patience = absl::ToTimeval(kTcpPatience);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return fd;
}

absl::StatusOr<uint16_t> FindFreePort() {
  const UniqueFd fd = NewSocket();
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd.get(), generic, size) != 0 ||
      getsockname(fd.get(), generic, &size) != 0) {
    return absl::ErrnoToStatus(errno, "bind");
  }
  return ntohs(address.sin_port);
}

absl::Status WaitForListener(uint16_t port, absl::Time deadline) {
  while (!IsListening(port)) {
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError("nobody listens");
    }
    absl::SleepFor(kRetryInterval);
  }
  return absl::OkStatus();
}

absl::Status SendBytes(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return absl::ErrnoToStatus(errno, "send");
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return absl::OkStatus();
}

}  // namespace logboom
