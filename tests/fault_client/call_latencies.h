#ifndef LOGBOOM_TESTS_FAULT_CLIENT_CALL_LATENCIES_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_CALL_LATENCIES_H_

#include <array>
#include <cstdint>

#include "absl/time/time.h"

namespace logboom {

// How long calls took, in a fixed amount of memory: a percentile is exact to
// within 3 %, the maximum is exact. Not thread-safe; each thread has its own.
class CallLatencies {
 public:
  void Add(int64_t nanoseconds);
  void Merge(const CallLatencies& other);

  int64_t count() const { return count_; }
  absl::Duration max() const { return absl::Nanoseconds(max_); }
  // Of `fraction` of the calls, 0 to 1, none took longer; 0: there are none.
  absl::Duration Percentile(double fraction) const;

 private:
  static constexpr int kSteps = 32;  // of each power of two
  static constexpr int kBuckets = 60 * kSteps;

  static int BucketOf(int64_t nanoseconds);
  static int64_t EndOf(int bucket);

  std::array<int64_t, kBuckets> buckets_{};
  int64_t count_ = 0;
  int64_t max_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_CALL_LATENCIES_H_
