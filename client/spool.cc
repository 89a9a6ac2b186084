#include "client/spool.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/folder_spool.h"
#include "client/spool_disk.h"
#include "client/spool_folder.h"
#include "client/spool_recovery.h"

namespace logboom {

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(SpoolOptions options,
                                                   SpoolLife own) {
  SpoolDisk* const disk =
      options.disk != nullptr ? options.disk : SpoolDisk::System();
  const auto unusable = [](const absl::Status& status) {
    return absl::FailedPreconditionError(status.message());
  };
  absl::StatusOr<SpoolFolder> folder = SpoolFolder::Take(disk, options.folder);
  if (absl::IsAborted(folder.status())) return folder.status();
  if (!folder.ok()) return unusable(folder.status());
  const absl::Status writable = folder->CheckWritable();
  if (!writable.ok()) return unusable(writable);
  absl::StatusOr<RecoveredSpool> recovered = RecoverSpool(disk, *folder);
  if (!recovered.ok()) return unusable(recovered.status());
  if (recovered->lives.HasEpoch(own.epoch)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "epoch ", own.epoch, " is already in spool folder ", options.folder));
  }
  return std::make_unique<FolderSpool>(std::move(options), disk,
                                       *std::move(folder),
                                       *std::move(recovered), std::move(own));
}

}  // namespace logboom
