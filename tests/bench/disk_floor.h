#ifndef LOGBOOM_TESTS_BENCH_DISK_FLOOR_H_
#define LOGBOOM_TESTS_BENCH_DISK_FLOOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/journal/file_system.h"

namespace logboom {

// What the disk takes for what the journal asks of it and nothing else: a write
// and an fdatasync at a time, one behind the other, into a file allocated
// ahead. On the servers' processor, in the folder where benchmarks keep their
// servers; removed by the destructor.
//
// One thread.
class DiskFloor {
 public:
  // For `writes` writes of `bytes` each.
  static absl::StatusOr<std::unique_ptr<DiskFloor>> Create(int64_t bytes,
                                                           int writes);
  ~DiskFloor();
  DiskFloor(const DiskFloor&) = delete;
  DiskFloor& operator=(const DiskFloor&) = delete;

  // How long each of them took, from the write to the end of the sync. One
  // begins every `interval`, or when the one before has ended.
  absl::StatusOr<std::vector<absl::Duration>> Run(absl::Duration interval);

 private:
  DiskFloor(std::string path, int64_t bytes, int writes);
  absl::Status Write(absl::Duration interval,
                     std::vector<absl::Duration>* taken);

  const std::string path_;
  const std::string block_;
  const int writes_;
  std::unique_ptr<File> file_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_DISK_FLOOR_H_
