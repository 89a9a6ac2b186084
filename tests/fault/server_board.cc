#include "tests/fault/server_board.h"

#include <utility>

namespace logboom {

void ServerBoard::Announce(std::string grpc, std::string tcp) {
  MutexLock lock(&mu_);
  server_ = {server_.run + 1, std::move(grpc), std::move(tcp)};
  changed_.NotifyAll();
}

void ServerBoard::Close() {
  MutexLock lock(&mu_);
  closed_ = true;
  changed_.NotifyAll();
}

ServerBoard::Server ServerBoard::WaitForNewer(int run,
                                              absl::Time deadline) const {
  MutexLock lock(&mu_);
  while (server_.run <= run && !closed_ && absl::Now() < deadline) {
    changed_.WaitUntil(&mu_, deadline);
  }
  return server_;
}

}  // namespace logboom
