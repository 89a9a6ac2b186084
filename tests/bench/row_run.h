#ifndef LOGBOOM_TESTS_BENCH_ROW_RUN_H_
#define LOGBOOM_TESTS_BENCH_ROW_RUN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/service_rows.h"
#include "tests/bench/taker_process.h"

namespace logboom {

// What one run of a row came to, or the medians of several.
struct RowFigures {
  int64_t records = 0;            // sent
  int64_t lost = 0;               // of them, by what the files lack
  double taken_per_second = 0;    // by the last answer or byte sent
  double written_per_second = 0;  // by the last line in the files
  double cpu_us = 0;              // the server's, user and system, per record
  double anonymous_mib = 0;       // its peak
  // From a message's start to its answer, milliseconds; 0: no answers.
  double p50_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
};

// Sends the row to a server started for it. `pickle` is what Python's
// SocketHandler sends of a record.
// Errors: NOT_FOUND, the server is not installed; others, what went wrong.
absl::StatusOr<RowFigures> RunRow(const ServiceRow& row,
                                  const BenchPrograms& programs,
                                  const std::string& pickle);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_ROW_RUN_H_
