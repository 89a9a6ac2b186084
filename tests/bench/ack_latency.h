#ifndef LOGBOOM_TESTS_BENCH_ACK_LATENCY_H_
#define LOGBOOM_TESTS_BENCH_ACK_LATENCY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace logboom {

struct AckLatencyOptions {
  std::string program;
  std::vector<int> records_per_second = {1000, 10'000, 100'000};
  absl::Duration run_time = absl::Seconds(10);
  int runs = 3;
};

// How long a producer waits for an ack: one stream that sends what a client's
// batching would, a batch each millisecond. An open loop: a batch's time counts
// from when it was due, also when the stream could not take it by then. Prints
// percentiles (medians of the runs; the maximum over all) for SYNCED and
// WRITTEN at each load, beside those of the disk alone with the same writes.
absl::Status MeasureAckLatency(const AckLatencyOptions& options);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_ACK_LATENCY_H_
