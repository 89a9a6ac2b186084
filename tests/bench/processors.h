#ifndef LOGBOOM_TESTS_BENCH_PROCESSORS_H_
#define LOGBOOM_TESTS_BENCH_PROCESSORS_H_

#include <sched.h>

#include <thread>

namespace logboom {

// The processor that servers are pinned to.
inline constexpr int kServerProcessor = 0;

// Keeps this program off it, where there is another. Before any thread is
// started.
inline void StayOffServerProcessor() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return;
  CPU_CLR(kServerProcessor, &set);
  if (CPU_COUNT(&set) > 0) sched_setaffinity(0, sizeof set, &set);
}

// Calls `run` there, on a thread of its own, and waits for its end.
template <typename Run>
void RunOnServerProcessor(Run run) {
  std::thread thread([&run] {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(kServerProcessor, &set);
    sched_setaffinity(0, sizeof set, &set);
    run();
  });
  thread.join();
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_PROCESSORS_H_
