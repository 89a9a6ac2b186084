#ifndef LOGBOOM_TESTS_BENCH_MEMORY_RUN_H_
#define LOGBOOM_TESTS_BENCH_MEMORY_RUN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/memory_rows.h"

namespace logboom {

// What a row came to.
struct MemoryFigures {
  int64_t peak_bytes = 0;  // of anonymous memory, from start to the load's end
  uint64_t records = 0;    // stored in the journal
  // Why the load ended before its time; empty: it did not.
  std::string ended;
};

// Loads a server started for it during `length`. Errors: the server does not
// start, or has ended; its journal cannot be read.
absl::StatusOr<MemoryFigures> RunMemoryRow(const MemoryRow& row,
                                           const std::string& logboomd,
                                           absl::Duration length);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_MEMORY_RUN_H_
