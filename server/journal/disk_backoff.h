#ifndef LOGBOOM_SERVER_JOURNAL_DISK_BACKOFF_H_
#define LOGBOOM_SERVER_JOURNAL_DISK_BACKOFF_H_

#include <algorithm>

#include "absl/time/time.h"

namespace logboom {

// When to try a failing disk again, and when to say that it fails. The first
// failure may be one bad file: the next attempt may be made at once. Each
// further one doubles the pause. Pure; not thread-safe.
class DiskBackoff {
 public:
  static constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
  static constexpr absl::Duration kLongestPause = absl::Seconds(10);
  static constexpr absl::Duration kReportInterval = absl::Minutes(1);

  // Takes note of a failed attempt; true when it should be reported: at most
  // one a minute is.
  bool Failed(absl::Time now) {
    retry_at_ = now + pause_;
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    if (now < report_at_) return false;
    report_at_ = now + kReportInterval;
    return true;
  }

  void Succeeded() {
    pause_ = absl::ZeroDuration();
    retry_at_ = absl::InfinitePast();
  }

  // No attempt should be made before.
  absl::Time retry_at() const { return retry_at_; }

 private:
  absl::Duration pause_ = absl::ZeroDuration();
  absl::Time retry_at_ = absl::InfinitePast();
  absl::Time report_at_ = absl::InfinitePast();
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_DISK_BACKOFF_H_
