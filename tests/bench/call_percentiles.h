#ifndef LOGBOOM_TESTS_BENCH_CALL_PERCENTILES_H_
#define LOGBOOM_TESTS_BENCH_CALL_PERCENTILES_H_

#include <cstdint>
#include <functional>

namespace logboom {

// Times of single calls, in nanoseconds, the clock's own cost included.
struct CallPercentiles {
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;
};

struct PercentileOptions {
  int threads = 1;
  int bursts = 100;
  int calls = 10'000;             // of a burst, each thread
  std::function<void()> between;  // after each burst
};

// Times each of `bursts` x `calls` calls on each thread with two readings of
// the monotonic clock.
CallPercentiles Measure(const PercentileOptions& options,
                        const std::function<void(int64_t)>& call);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_CALL_PERCENTILES_H_
