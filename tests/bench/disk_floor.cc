#include "tests/bench/disk_floor.h"

#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/bench/pacer.h"
#include "tests/bench/processors.h"

namespace logboom {

absl::StatusOr<std::unique_ptr<DiskFloor>> DiskFloor::Create(int64_t bytes,
                                                             int writes) {
  const std::string path =
      absl::StrCat(std::filesystem::temp_directory_path().string(),
                   "/logboom-bench-floor-", getpid());
  auto floor = std::unique_ptr<DiskFloor>(new DiskFloor(path, bytes, writes));
  LOGBOOM_ASSIGN_OR_RETURN(
      floor->file_, SystemFiles()->Open(path, FileSystem::Mode::kOpenOrCreate));
  LOGBOOM_RETURN_IF_ERROR(floor->file_->Allocate(bytes * writes));
  LOGBOOM_RETURN_IF_ERROR(floor->file_->Sync());
  return floor;
}

DiskFloor::DiskFloor(std::string path, int64_t bytes, int writes)
    : path_(std::move(path)),
      block_(static_cast<size_t>(bytes), 'x'),
      writes_(writes) {}

DiskFloor::~DiskFloor() { SystemFiles()->Remove(path_).IgnoreError(); }

absl::StatusOr<std::vector<absl::Duration>> DiskFloor::Run(
    absl::Duration interval) {
  std::vector<absl::Duration> taken;
  absl::Status status;
  RunOnServerProcessor([&] { status = Write(interval, &taken); });
  if (!status.ok()) return status;
  return taken;
}

absl::Status DiskFloor::Write(absl::Duration interval,
                              std::vector<absl::Duration>* taken) {
  const Pacer pacer(interval);
  for (int64_t i = 0; i < writes_; ++i) {
    pacer.WaitUntil(i);
    const absl::Time begin = absl::Now();
    LOGBOOM_RETURN_IF_ERROR(file_->WriteAt(
        i * static_cast<int64_t>(block_.size()), {absl::string_view(block_)}));
    LOGBOOM_RETURN_IF_ERROR(file_->Sync());
    taken->push_back(absl::Now() - begin);
  }
  return absl::OkStatus();
}

}  // namespace logboom
