#include "server/ingest/grpc/probe_address.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"

namespace logboom {
namespace {

absl::Status Refused(absl::string_view why) {
  return absl::FailedPreconditionError(why);
}

constexpr absl::string_view kInUse = "address in use";

absl::Status RefusedByErrno() {
  if (errno == EADDRINUSE) return Refused(kInUse);
  if (errno == EADDRNOTAVAIL) return Refused("not an address of this machine");
  return Refused(std::strerror(errno));
}

absl::Status TryBind(const addrinfo& address) {
  const UniqueFd fd(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return RefusedByErrno();
  // As gRPC does: connections of an earlier server that linger in TIME_WAIT are
  // no obstacle; another listener is one all the same.
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    return RefusedByErrno();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ProbeAddress(const HostPort& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(
      address.host.c_str(), absl::StrCat(address.port).c_str(), &hints, &list);
  if (error != 0) return Refused(gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list,
                                                                 freeaddrinfo);
  // A name such as localhost may have an address that this machine has not; one
  // that someone else listens on is in use, whatever the others are.
  absl::Status result = Refused("no address");
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    const absl::Status status = TryBind(*info);
    if (status.message() == kInUse) return status;
    if (status.ok() || !result.ok()) result = status;
  }
  return result;
}

}  // namespace logboom
