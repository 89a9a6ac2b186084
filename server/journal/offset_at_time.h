#ifndef LOGBOOM_SERVER_JOURNAL_OFFSET_AT_TIME_H_
#define LOGBOOM_SERVER_JOURNAL_OFFSET_AT_TIME_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/file_system.h"
#include "server/journal/recovery.h"

namespace logboom {

// The first record kept that was received at or after `time`; `journal`'s next
// offset when none was. Looks at the headers of the segments, and at the
// entries of the one that was being written at that time. Where the clock was
// set back, so that a time occurs twice, the earlier place counts.
// Errors: UNAVAILABLE, an entry cannot be read.
absl::StatusOr<Offset> OffsetAtTime(FileSystem* files, absl::string_view folder,
                                    const RecoveredJournal& journal,
                                    absl::Time time);

// About where the newest `bytes` of the journal begin: a record's offset, as if
// all records of a segment were of one size.
Offset OffsetOfNewestBytes(FileSystem* files, absl::string_view folder,
                           const RecoveredJournal& journal, int64_t bytes);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_OFFSET_AT_TIME_H_
