#ifndef LOGBOOM_TESTS_BENCH_MEMORY_ROWS_H_
#define LOGBOOM_TESTS_BENCH_MEMORY_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/service_rows.h"

namespace logboom {

// What the server's anonymous memory may be at any load.
inline constexpr int64_t kMemoryBoundBytes = int64_t{256} << 20;

// Where the handler writes.
enum class HandlerOutput {
  kFile,
  kUnreadPipe,  // it takes 64 KiB, and no more
  kFullDisk,    // it refuses everything
};

// One load whose peak of memory is looked at. All send as fast as they can.
struct MemoryRow {
  std::string name;
  WayIn way = WayIn::kPublish;
  int connections = 4;
  int in_flight = 4;         // on each connection
  int batch = 1000;          // records of a message
  int64_t pickle_bytes = 0;  // of a pickle frame's text
  int loggers = 1;
  bool gzip = false;
  // Half of what may be in flight is sent, and then nothing.
  bool stops_halfway = false;
  // What is in flight are Publish streams with one batch each, not batches of
  // one stream.
  bool sessions = false;
  HandlerOutput output = HandlerOutput::kFile;
  int handlers = 1;
  absl::Duration length = absl::Seconds(5);
};

std::vector<MemoryRow> MemoryRows();

// The row with less of all that takes time to make.
MemoryRow ForAMoment(MemoryRow row);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_MEMORY_ROWS_H_
