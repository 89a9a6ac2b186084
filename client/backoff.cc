#include "client/backoff.h"

#include <algorithm>
#include <utility>

namespace logboom {

Backoff::Backoff(absl::Duration initial, absl::Duration max,
                 std::function<double()> random)
    : initial_(initial),
      max_(max),
      random_(std::move(random)),
      next_(std::min(initial, max)) {}

absl::Duration Backoff::Next() {
  const absl::Duration pause = next_;
  next_ = std::min(2 * next_, max_);
  return Jittered(pause);
}

absl::Duration Backoff::Longest() {
  next_ = max_;
  return Jittered(max_);
}

absl::Duration Backoff::Jittered(absl::Duration pause) {
  return pause * (0.5 + 0.5 * random_());
}

}  // namespace logboom
