#include "server/ingest/raw/listen_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::Status CannotListen(absl::string_view kind, absl::string_view where,
                          absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", kind, " ", where, ": ", why));
}

absl::StatusOr<AddressList> Resolve(const HostPort& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                  absl::StrCat(address.port).c_str(), &hints, &found);
  if (error != 0) {
    return CannotListen("tcp", address.ToString(), gai_strerror(error));
  }
  return AddressList(found, &freeaddrinfo);
}

// A peer that vanished without a FIN frees its connection after about two
// minutes and not the kernel's two hours. Accepted sockets inherit these.
void SetKeepalive(int fd) {
  const int on = 1;
  const int idle_seconds = 60;
  const int interval_seconds = 15;
  const int probes = 4;
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds,
             sizeof(idle_seconds));
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds,
             sizeof(interval_seconds));
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

// An invalid socket: why is in `error`. `only_v6` keeps an IPv6 wildcard out of
// the way of the IPv4 one beside it.
UniqueFd BindOne(const addrinfo& info, bool only_v6, int* error) {
  UniqueFd fd(
      socket(info.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (fd.valid()) {
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    SetKeepalive(fd.get());
    if (only_v6 && info.ai_family == AF_INET6) {
      setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    }
    if (bind(fd.get(), info.ai_addr, info.ai_addrlen) == 0 &&
        listen(fd.get(), SOMAXCONN) == 0) {
      return fd;
    }
  }
  *error = errno;
  return UniqueFd();
}

// Whether an address of a name is one this machine does not have, as ::1 in a
// container without IPv6.
bool IsMissing(int error) {
  return error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

// Whether `info` repeats an earlier address: /etc/hosts may name one twice.
bool IsRepeated(const addrinfo* list, const addrinfo* info) {
  for (const addrinfo* earlier = list; earlier != info;
       earlier = earlier->ai_next) {
    if (earlier->ai_addrlen == info->ai_addrlen &&
        std::memcmp(earlier->ai_addr, info->ai_addr, info->ai_addrlen) == 0) {
      return true;
    }
  }
  return false;
}

sockaddr_un UnixAddress(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* AsSockaddr(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Makes way for a new socket file. A full backlog (EAGAIN) is a live listener
// too.
absl::Status RemoveStale(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return absl::OkStatus();
    return CannotListen("unix", path, std::strerror(errno));
  }
  if (!S_ISSOCK(info.st_mode)) {
    return CannotListen("unix", path, "the file exists and is not a socket");
  }
  UniqueFd probe(
      socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (connect(probe.get(), AsSockaddr(address), sizeof(address)) == 0 ||
      errno == EAGAIN) {
    return CannotListen("unix", path, "another program listens on it");
  }
  if (errno != ECONNREFUSED || unlink(path.c_str()) != 0) {
    return CannotListen("unix", path, std::strerror(errno));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<UniqueFd>> ListenTcp(const HostPort& address) {
  LOGBOOM_ASSIGN_OR_RETURN(AddressList list, Resolve(address));
  const bool several = list->ai_next != nullptr && address.port != 0;
  std::vector<UniqueFd> bound;
  int error = 0;
  for (const addrinfo* info = list.get(); info != nullptr;
       info = info->ai_next) {
    if (IsRepeated(list.get(), info)) continue;
    UniqueFd fd = BindOne(*info, several, &error);
    if (fd.valid()) {
      bound.push_back(std::move(fd));
      if (address.port == 0) break;
    } else if (!IsMissing(error)) {
      return CannotListen("tcp", address.ToString(), std::strerror(error));
    }
  }
  if (bound.empty()) {
    return CannotListen("tcp", address.ToString(), std::strerror(error));
  }
  return bound;
}

int BoundPort(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

absl::StatusOr<UnixListenSocket> UnixListenSocket::Listen(
    const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof(address.sun_path)) {
    return CannotListen("unix", path,
                        absl::StrCat("the path is longer than ",
                                     sizeof(address.sun_path) - 1, " bytes"));
  }
  address = UnixAddress(path);
  LOGBOOM_RETURN_IF_ERROR(RemoveStale(path, address));
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  struct stat info {};
  if (!fd.valid() ||
      bind(fd.get(), AsSockaddr(address), sizeof(address)) != 0 ||
      listen(fd.get(), SOMAXCONN) != 0 || lstat(path.c_str(), &info) != 0) {
    return CannotListen("unix", path, std::strerror(errno));
  }
  UnixListenSocket result;
  result.fd_ = std::move(fd);
  result.path_ = path;
  result.device_ = info.st_dev;
  result.inode_ = info.st_ino;
  return result;
}

UnixListenSocket::~UnixListenSocket() {
  struct stat info {};
  if (fd_.valid() && lstat(path_.c_str(), &info) == 0 &&
      info.st_dev == device_ && info.st_ino == inode_) {
    unlink(path_.c_str());
  }
}

}  // namespace logboom
