#ifndef LOGBOOM_TESTS_BENCH_OUTPUT_PROGRESS_H_
#define LOGBOOM_TESTS_BENCH_OUTPUT_PROGRESS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace logboom {

// How many records a server has written, by the sizes of its files: every
// record takes as much room as the others.
//
// One thread.
class OutputProgress {
 public:
  // Each file gets every record. `record_bytes` of 0: as the first line is
  // long.
  OutputProgress(std::vector<std::string> files, int64_t record_bytes)
      : files_(std::move(files)), record_bytes_(record_bytes) {}

  // Records that are in all files now.
  int64_t records();

  // Waits until there are so many; how many there are, fewer when none is
  // added for `patience`.
  int64_t WaitFor(int64_t records, absl::Duration patience);

 private:
  bool FindRecordBytes();

  const std::vector<std::string> files_;
  int64_t record_bytes_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_OUTPUT_PROGRESS_H_
