#ifndef LOGBOOM_CLIENT_SENDER_BOARD_H_
#define LOGBOOM_CLIENT_SENDER_BOARD_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace logboom {

// What the program's threads ask of the sender, and what they see of it.
// Thread-safe.
class SenderBoard {
 public:
  // `wake` is called, with no lock held, when something was asked.
  explicit SenderBoard(std::function<void()> wake) : wake_(std::move(wake)) {}

  // Asks for everything that is in the buffer now to be acknowledged, soon.
  // Done when State::flushed has come to what it returns.
  int64_t RequestFlush() ABSL_LOCKS_EXCLUDED(mu_);
  // Asks for the end: the buffer is closed, and what is in it is to be
  // acknowledged by `deadline`, or as long as the server can be reached.
  void RequestStop(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);

  struct State {
    bool connected = false;
    int64_t connections = 0;
    int64_t failures = 0;  // streams that ended, or could not be opened
    std::string last_error;
    int64_t acknowledged = 0;  // records
    int64_t rejected = 0;
    int64_t dropped = 0;  // of the buffer's, and counted as lost
    int64_t spooled = 0;
    int64_t earlier = 0;  // of earlier lives, in the spool
    int64_t flushed = 0;
    bool stopped = false;
  };
  State state() const ABSL_LOCKS_EXCLUDED(mu_);
  bool stopped() const ABSL_LOCKS_EXCLUDED(mu_);
  // Waits until `condition` holds of the state; false: not by `deadline`.
  bool WaitUntil(absl::Time deadline,
                 absl::FunctionRef<bool(const State&)> condition) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // For the sender.
  struct Requests {
    int64_t flush = 0;  // the last one's
    std::optional<absl::Time> stop;
  };
  Requests requests() const ABSL_LOCKS_EXCLUDED(mu_);
  void Update(absl::FunctionRef<void(State&)> change) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  const std::function<void()> wake_;
  mutable Mutex mu_;
  mutable CondVar changed_;
  State state_ ABSL_GUARDED_BY(mu_);
  Requests requests_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SENDER_BOARD_H_
