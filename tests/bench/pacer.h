#ifndef LOGBOOM_TESTS_BENCH_PACER_H_
#define LOGBOOM_TESTS_BENCH_PACER_H_

#include <sys/prctl.h>
#include <time.h>

#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace logboom {

// The clock of an open loop: when each of a row of equally spaced events is
// due, whatever became of those before. Made by the thread that waits.
class Pacer {
 public:
  // The first event is due at once.
  explicit Pacer(absl::Duration interval)
      : begin_(absl::Now()), interval_(interval) {
    prctl(PR_SET_TIMERSLACK, 1);  // ns; 50 us by default
  }

  absl::Time DueTime(int64_t event) const { return begin_ + event * interval_; }

  // Returns when the event is due: at once if it has been.
  void WaitUntil(int64_t event) const {
    const timespec left = absl::ToTimespec(DueTime(event) - absl::Now());
    if (left.tv_sec >= 0) clock_nanosleep(CLOCK_MONOTONIC, 0, &left, nullptr);
  }

 private:
  const absl::Time begin_;
  const absl::Duration interval_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_PACER_H_
