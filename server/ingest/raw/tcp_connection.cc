#include "server/ingest/raw/tcp_connection.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/units.h"

namespace logboom {

TcpConnection::TcpConnection(UniqueFd fd, FrameIntake* intake)
    : fd_(std::move(fd)),
      intake_(*intake),
      splitter_(intake->options().frame_bytes, intake->partial_budget()) {}

TcpConnection::~TcpConnection() {
  if (splitter_.inside_frame()) intake_.CountCut();
}

bool TcpConnection::ReadOnce(absl::Span<char> buffer) {
  const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (size > 0) {
    splitter_.Feed(absl::string_view(buffer.data(), static_cast<size_t>(size)),
                   this);
    return true;
  }
  // A reset is an end like any other: the sender may have been killed.
  return size < 0 && (errno == EAGAIN || errno == EINTR);
}

void TcpConnection::OnFrame(absl::string_view payload) {
  const absl::Status taken = intake_.Take(payload);
  if (taken.ok() || reported_undecodable_) return;
  ReportOnce(&reported_undecodable_,
             absl::StrCat("a frame of ", payload.size(),
                          " bytes is not decodable: ", taken.message()));
}

void TcpConnection::OnTooLarge(uint32_t length_bytes) {
  intake_.CountTooLarge();
  ReportOnce(&reported_too_large_,
             absl::StrCat("a frame of ", length_bytes,
                          " bytes is over limits.frame_bytes (",
                          FormatSize(intake_.options().frame_bytes),
                          ") and is skipped"));
}

void TcpConnection::OnNoRoom(uint32_t length_bytes) { intake_.CountNoRoom(); }

std::string TcpConnection::PeerName() const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (getpeername(fd_.get(), any, &size) != 0) return "a peer that has gone";
  if (address.ss_family == AF_UNIX) {
    ucred peer{};
    socklen_t peer_size = sizeof(peer);
    getsockopt(fd_.get(), SOL_SOCKET, SO_PEERCRED, &peer, &peer_size);
    return absl::StrCat("unix pid ", peer.pid);
  }
  char host[NI_MAXHOST] = "";
  char port[NI_MAXSERV] = "";
  getnameinfo(any, size, host, sizeof(host), port, sizeof(port),
              NI_NUMERICHOST | NI_NUMERICSERV);
  const bool v6 = address.ss_family == AF_INET6;
  return absl::StrCat("tcp ", v6 ? "[" : "", host, v6 ? "]:" : ":", port);
}

void TcpConnection::ReportOnce(bool* reported, absl::string_view what) {
  if (std::exchange(*reported, true)) return;
  intake_.ReportPeer(
      absl::StrCat(PeerName(), ": ", what, "; further ones are only counted"));
}

}  // namespace logboom
