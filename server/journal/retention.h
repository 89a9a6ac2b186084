#ifndef LOGBOOM_SERVER_JOURNAL_RETENTION_H_
#define LOGBOOM_SERVER_JOURNAL_RETENTION_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/journal_options.h"

namespace logboom {

// What retention asks of one segment.
struct RetainedSegment {
  Offset end_offset = 0;  // behind its last record
  int64_t bytes = 0;      // of its file
  // Not before its last entry was received: when the next segment was begun.
  absl::Time ended;
};

// How many of `segments`, oldest first and without the newest (which is always
// kept), are to be deleted now. `newest_bytes` counts in the sums.
// One goes when all of them pass retain_bytes or it is older than retain_age,
// provided that `least_cursor` (the greatest Offset: there is none) has passed
// it; past max_bytes it goes in any case, and what a cursor had not passed is
// lost for its handler. Never one that is newer than one that stays. Pure.
size_t CountToDelete(const JournalOptions& options,
                     absl::Span<const RetainedSegment> segments,
                     int64_t newest_bytes, Offset least_cursor, absl::Time now);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_RETENTION_H_
