#ifndef LOGBOOM_SERVER_JOURNAL_COMMITTER_H_
#define LOGBOOM_SERVER_JOURNAL_COMMITTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/journal/commit_queue.h"
#include "server/journal/disk_backoff.h"
#include "server/journal/journal_head.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_writer.h"

namespace logboom {

// Brings groups of entries to the disk: numbers, writes, syncs and answers
// them, rolls segments, and leaves a file that failed for a new one.
//
// When a sync fails, entries may already have been answered as written. Their
// group is kept and written again, under the same offsets, before anything
// else: an answer given stays true while this process lives. A group of which
// nothing was answered fails as a whole.
//
// Not thread-safe: the journal's thread owns it and answers from it.
class Committer {
 public:
  // Continues what was recovered. `files` must outlive it.
  Committer(FileSystem* files, std::string folder, int64_t segment_bytes,
            RecoveredJournal recovered, std::shared_ptr<JournalHead> head);

  // Answers every entry of the group, or keeps it. False when the disk failed:
  // the caller fails what is queued behind.
  bool Commit(absl::Span<QueuedEntry> group);

  // Commit() with an empty group is worth calling then, for what was kept.
  absl::Time retry_at() const;

  // The last attempt for what was kept; then it is lost, and said so.
  void Finish();

  // Answers all of `group` with UNAVAILABLE.
  static void Fail(absl::Span<QueuedEntry> group);

 private:
  // Writes and syncs entries that fit into one segment, answering them.
  absl::Status CommitRun(absl::Span<QueuedEntry> run);
  // Writes again what was kept. False: it is still kept.
  bool CommitKept();
  // A segment with room for `bytes` of entries behind what it has.
  absl::Status EnsureRoom(int64_t bytes);
  // How many of the first entries the segment takes.
  size_t CountFitting(absl::Span<const QueuedEntry> group) const;
  // Numbers, stages and writes.
  absl::Status Write(absl::Span<const QueuedEntry> run);
  // Gives up the present segment and takes note of the failure.
  void Abandon(const absl::Status& why);

  FileSystem* const files_;
  const std::string folder_;
  const int64_t segment_bytes_;
  const JournalId journal_id_;
  const std::shared_ptr<JournalHead> head_;
  std::unique_ptr<SegmentWriter> writer_;  // null: none, or it failed
  Offset next_offset_;                     // of the first record not synced
  uint64_t next_number_;
  DiskBackoff backoff_;
  std::vector<QueuedEntry> kept_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_COMMITTER_H_
