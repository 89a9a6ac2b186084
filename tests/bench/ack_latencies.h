#ifndef LOGBOOM_TESTS_BENCH_ACK_LATENCIES_H_
#define LOGBOOM_TESTS_BENCH_ACK_LATENCIES_H_

#include <cstdint>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace logboom {

// How long the messages of one connection waited for their acks.
//
// Thread-safe.
class AckLatencies {
 public:
  // For messages number 1...`messages`.
  explicit AckLatencies(uint64_t messages) : sent_(messages + 1) {}

  // The message is about to be sent; the last call counts.
  void Sending(uint64_t message) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    sent_[message] = absl::Now();
  }

  // All up to it are acknowledged.
  void AckedUpTo(uint64_t message) ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::Time now = absl::Now();
    MutexLock lock(&mu_);
    while (acked_ < message) taken_.push_back(now - sent_[++acked_]);
  }

  // This one is, whatever became of others.
  void Acked(uint64_t message) ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::Time now = absl::Now();
    MutexLock lock(&mu_);
    taken_.push_back(now - sent_[message]);
  }

  void AppendTo(std::vector<absl::Duration>* all) const
      ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    all->insert(all->end(), taken_.begin(), taken_.end());
  }

 private:
  mutable Mutex mu_;
  std::vector<absl::Time> sent_ ABSL_GUARDED_BY(mu_);
  std::vector<absl::Duration> taken_ ABSL_GUARDED_BY(mu_);
  uint64_t acked_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_ACK_LATENCIES_H_
