#ifndef LOGBOOM_CLIENT_BACKOFF_H_
#define LOGBOOM_CLIENT_BACKOFF_H_

#include <functional>

#include "absl/time/time.h"

namespace logboom {

// The pauses between attempts to reach the server: each twice as long as the
// one before, up to a bound, and drawn between half of it and all of it, so
// that programs which lost the server together do not come back together. Not
// thread-safe.
class Backoff {
 public:
  // `random` draws from [0, 1).
  Backoff(absl::Duration initial, absl::Duration max,
          std::function<double()> random);

  // How long to wait before the next attempt.
  absl::Duration Next();
  // As Next, when trying sooner will not help.
  absl::Duration Longest();
  // A stream did some good: the next pause is the first again.
  void Reset() { next_ = initial_; }
  // Between half of `pause` and all of it.
  absl::Duration Jittered(absl::Duration pause);

 private:
  const absl::Duration initial_;
  const absl::Duration max_;
  const std::function<double()> random_;
  absl::Duration next_;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_BACKOFF_H_
