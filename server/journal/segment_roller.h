#ifndef LOGBOOM_SERVER_JOURNAL_SEGMENT_ROLLER_H_
#define LOGBOOM_SERVER_JOURNAL_SEGMENT_ROLLER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/file_system.h"
#include "server/journal/journal_head.h"
#include "server/journal/pending_entry.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_writer.h"

namespace logboom {

// The segment that is written to, and its successors: begins a new one when an
// entry does not fit or the present one has failed.
//
// Not thread-safe: the journal's thread owns it.
class SegmentRoller {
 public:
  // Goes on with what was recovered. `files` must outlive it.
  SegmentRoller(FileSystem* files, std::string folder, int64_t segment_bytes,
                RecoveredJournal* recovered, std::shared_ptr<JournalHead> head);

  // Whether the present segment takes `bytes` more of entries.
  bool HasRoom(int64_t bytes) const {
    return writer_ != nullptr && writer_->HasRoom(bytes);
  }

  // Leaves the present segment, all of which is synced, and begins one with
  // room for `bytes` behind `first_entries`, which are durable when this
  // returns and only then seen by readers. On error there is no present
  // segment.
  absl::Status Roll(Offset next_offset,
                    absl::Span<const PendingEntry> first_entries,
                    int64_t bytes);

  // The present segment; there must be one.
  SegmentWriter& writer() { return *writer_; }

  // Gives up the present segment, if there is one, after a failure.
  void Abandon();

  // Ends with the present segment, all of which is synced.
  void Close() { writer_.reset(); }

 private:
  FileSystem& files_;
  const std::string folder_;
  const int64_t segment_bytes_;
  const JournalId journal_id_;
  const std::shared_ptr<JournalHead> head_;
  std::unique_ptr<SegmentWriter> writer_;  // null: none, or it failed
  uint64_t next_number_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_SEGMENT_ROLLER_H_
