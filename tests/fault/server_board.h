#ifndef LOGBOOM_TESTS_FAULT_SERVER_BOARD_H_
#define LOGBOOM_TESTS_FAULT_SERVER_BOARD_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace logboom {

// Where the server listens at the moment: each run of it draws new ports.
// Thread-safe.
class ServerBoard {
 public:
  struct Server {
    int run = 0;  // from 1; 0: there was none yet
    std::string grpc;
    std::string tcp;
  };

  void Announce(std::string grpc, std::string tcp) ABSL_LOCKS_EXCLUDED(mu_);
  // No server will follow: waiters return.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for a run after `run`, at most until `deadline`: the newest one,
  // which may be `run` still.
  Server WaitForNewer(int run, absl::Time deadline) const
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  mutable Mutex mu_;
  mutable CondVar changed_;
  Server server_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_SERVER_BOARD_H_
