#include "tests/bench/call_percentiles.h"

#include <time.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace logboom {
namespace {

int64_t NowNanos() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

double At(const std::vector<uint32_t>& sorted, double part) {
  return sorted[static_cast<size_t>(part * (sorted.size() - 1))];
}

}  // namespace

CallPercentiles Measure(const PercentileOptions& options,
                        const std::function<void(int64_t)>& call) {
  std::vector<uint32_t> all;
  for (int burst = 0; burst < options.bursts; ++burst) {
    std::vector<std::vector<uint32_t>> times(options.threads);
    std::vector<std::thread> threads;
    for (int t = 0; t < options.threads; ++t) {
      threads.emplace_back([&, t] {
        times[t].reserve(options.calls);
        for (int i = 0; i < options.calls; ++i) {
          const int64_t before = NowNanos();
          call(i);
          times[t].push_back(static_cast<uint32_t>(NowNanos() - before));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& some : times) {
      all.insert(all.end(), some.begin(), some.end());
    }
    if (options.between) options.between();
  }
  std::sort(all.begin(), all.end());
  return {.p50 = At(all, 0.5), .p99 = At(all, 0.99), .p999 = At(all, 0.999)};
}

}  // namespace logboom
