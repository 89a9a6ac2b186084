#ifndef LOGBOOM_SERVER_INGEST_RAW_LISTEN_SOCKET_H_
#define LOGBOOM_SERVER_INGEST_RAW_LISTEN_SOCKET_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/host_port.h"
#include "base/unique_fd.h"

namespace logboom {

// Listening, non-blocking sockets for all addresses of a host; with port 0 for
// the first only, since the kernel picks a port for each. Errors:
// FAILED_PRECONDITION, `cannot listen on tcp 127.0.0.1:9020: Address already in
// use`.
absl::StatusOr<std::vector<UniqueFd>> ListenTcp(const HostPort& address);

// The port a TCP socket is bound to.
int BoundPort(int fd);

// A listening unix socket, and its file, which is removed again by the
// destructor unless another program has put its own there since.
class UnixListenSocket {
 public:
  // Replaces a socket file that nobody listens on any more. Errors:
  // FAILED_PRECONDITION, `cannot listen on unix PATH: ...`: another program
  // listens there, the file is no socket, the path cannot be used.
  static absl::StatusOr<UnixListenSocket> Listen(const std::string& path);

  UnixListenSocket() = default;
  UnixListenSocket(UnixListenSocket&&) noexcept = default;
  UnixListenSocket& operator=(UnixListenSocket&&) = delete;
  ~UnixListenSocket();

  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_LISTEN_SOCKET_H_
