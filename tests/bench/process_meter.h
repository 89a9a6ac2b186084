#ifndef LOGBOOM_TESTS_BENCH_PROCESS_METER_H_
#define LOGBOOM_TESTS_BENCH_PROCESS_METER_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "absl/time/time.h"

namespace logboom {

// User and system time of a process so far, over all its threads: what
// /proc/PID/stat says in clock ticks, in nanoseconds.
absl::Duration ProcessCpuTime(pid_t pid);

// Anonymous memory of a process now, in bytes (RssAnon of /proc/PID/status).
int64_t ProcessAnonymousBytes(pid_t pid);

// What a process costs from this object's construction to Stop().
class ProcessMeter {
 public:
  explicit ProcessMeter(pid_t pid);
  ~ProcessMeter();

  void Stop();

  // After Stop().
  absl::Duration cpu_time() const { return cpu_end_ - cpu_begin_; }
  // The most seen in samples a few milliseconds apart.
  int64_t peak_anonymous_bytes() const { return peak_bytes_; }

 private:
  void Sample();

  const pid_t pid_;
  const absl::Duration cpu_begin_;
  absl::Duration cpu_end_;
  std::atomic<bool> stop_{false};
  int64_t peak_bytes_ = 0;  // the thread's own until it is joined
  std::thread sampler_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_PROCESS_METER_H_
