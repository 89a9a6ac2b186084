#ifndef LOGBOOM_TESTS_BENCH_ACK_THROUGHPUT_H_
#define LOGBOOM_TESTS_BENCH_ACK_THROUGHPUT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace logboom {

struct AckThroughputOptions {
  std::string program;
  std::vector<int> streams = {1, 2, 4, 8, 16, 32};
  int records = 2'000'000;  // of a run, over all streams
  int batch_records = 1000;
  int in_flight = 8;  // batches sent and not acknowledged, each stream
  int runs = 5;
};

// What group commit costs: Publish with SYNCED acks against WRITTEN ones, in
// turns and each against a fresh server, at each number of streams. Prints a
// row of medians for each, beside what the disk alone does with groups of that
// size.
absl::Status MeasureAckThroughput(const AckThroughputOptions& options);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_ACK_THROUGHPUT_H_
