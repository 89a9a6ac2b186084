#ifndef LOGBOOM_CLIENT_SPOOL_FOLDER_H_
#define LOGBOOM_CLIENT_SPOOL_FOLDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "client/spool_disk.h"
#include "client/spool_segment.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// Who the spool is: drawn once, and the same for every life in the folder.
struct SpoolIdentity {
  JournalId spool_id{};  // the journal id of its files
  ProducerId producer_id{};
};

// 16 bytes that nobody else has.
std::array<uint8_t, 16> DrawSpoolId();

// The folder of a spool, taken for this process for as long as the object
// lives. Not thread-safe.
class SpoolFolder {
 public:
  // Makes the folder if it is missing, and takes it.
  // Errors: ABORTED, a process has it; else what the disk says.
  static absl::StatusOr<SpoolFolder> Take(SpoolDisk* disk, std::string path);

  // Whether files can be made and removed; a full disk is none of it.
  absl::Status CheckWritable() const;

  // By rising number.
  absl::StatusOr<std::vector<SegmentName>> List() const;

  // Errors: NOT_FOUND, there is none; DATA_LOSS, it is damaged;
  // FAILED_PRECONDITION, of a format that this program does not know.
  absl::StatusOr<SpoolIdentity> ReadIdentity() const;
  // As a whole or not at all.
  absl::Status WriteIdentity(const SpoolIdentity& identity) const;

  const std::string& path() const { return path_; }
  std::string PathOf(absl::string_view name) const;
  std::string PathOf(const SegmentName& name) const;

 private:
  SpoolFolder(SpoolDisk* disk, std::string path);
  absl::Status Lock();

  SpoolDisk* disk_;
  std::string path_;
  UniqueFd lock_;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_FOLDER_H_
