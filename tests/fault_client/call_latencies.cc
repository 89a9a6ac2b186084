#include "tests/fault_client/call_latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace logboom {

int CallLatencies::BucketOf(int64_t nanoseconds) {
  const auto value = static_cast<uint64_t>(std::max<int64_t>(nanoseconds, 0));
  if (value < kSteps) return static_cast<int>(value);
  const int shift = std::bit_width(value) - std::bit_width(uint64_t{kSteps});
  const auto step = static_cast<int>(value >> shift) - kSteps;
  return std::min((shift + 1) * kSteps + step, kBuckets - 1);
}

int64_t CallLatencies::EndOf(int bucket) {
  if (bucket < kSteps) return bucket;
  const int shift = bucket / kSteps - 1;
  return ((int64_t{kSteps} + bucket % kSteps + 1) << shift) - 1;
}

void CallLatencies::Add(int64_t nanoseconds) {
  ++buckets_[BucketOf(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

void CallLatencies::Merge(const CallLatencies& other) {
  for (int i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

absl::Duration CallLatencies::Percentile(double fraction) const {
  const auto wanted =
      static_cast<int64_t>(std::ceil(fraction * static_cast<double>(count_)));
  int64_t passed = 0;
  for (int i = 0; i < kBuckets && count_ > 0; ++i) {
    passed += buckets_[i];
    if (passed >= wanted) {
      return absl::Nanoseconds(std::min(EndOf(i), max_));
    }
  }
  return absl::ZeroDuration();
}

}  // namespace logboom
