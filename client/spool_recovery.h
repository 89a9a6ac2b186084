#ifndef LOGBOOM_CLIENT_SPOOL_RECOVERY_H_
#define LOGBOOM_CLIENT_SPOOL_RECOVERY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/spool_disk.h"
#include "client/spool_folder.h"
#include "client/spool_lives.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// What earlier lives left in a folder.
struct RecoveredSpool {
  SpoolIdentity identity;
  bool identity_stored = false;  // as the folder's own file has it
  SpoolLives lives;              // without the own one
  uint64_t next_number = 1;
  Offset next_offset = 0;
  int64_t bytes = 0;
  int64_t damaged_records = 0;
  std::string problems;  // lines
};

// Reads all of a folder that was taken. Files without an entry are removed,
// torn ends are cut off; a lost identity is taken from the files, or drawn.
// Errors: FAILED_PRECONDITION, a file is of a newer format; those of opening
// and listing.
absl::StatusOr<RecoveredSpool> RecoverSpool(SpoolDisk* disk,
                                            const SpoolFolder& folder);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_RECOVERY_H_
