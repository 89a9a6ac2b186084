#ifndef LOGBOOM_SERVER_JOURNAL_COMMITTER_H_
#define LOGBOOM_SERVER_JOURNAL_COMMITTER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/journal/commit_queue.h"
#include "server/journal/disk_backoff.h"
#include "server/journal/journal_head.h"
#include "server/journal/journal_options.h"
#include "server/journal/loss_ledger.h"
#include "server/journal/producer_table.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_roller.h"

namespace logboom {

// Brings groups of entries to the disk: numbers, writes, syncs and answers
// them, leaves a file that failed for a new one, and knows each producer's last
// sequence and the ledger's totals, which every segment begins with.
//
// While the disk fails entries are refused, but for two kinds, which are kept
// and written before anything else when it is well again: those with
// keep_on_failure, and those that were answered as written before their sync
// failed, with all before them in their group. They keep their order, so an
// answer given stays true while this process lives.
//
// Not thread-safe: the journal's thread owns it and answers from it.
class Committer {
 public:
  // Continues what was recovered. `files` and `ledger` must outlive it.
  Committer(FileSystem* files, const JournalOptions& options,
            RecoveredJournal recovered, std::shared_ptr<JournalHead> head,
            LossLedger* ledger);

  // Answers every entry and lookup of the group, or keeps it. False when the
  // disk failed: the caller refuses what is queued behind.
  bool Commit(CommitGroup* group);

  // Answers all of the group with UNAVAILABLE, but for what is to be kept.
  void Refuse(CommitGroup* group);

  // When Commit() with an empty group is worth calling, for what is kept.
  absl::Time retry_at() const;

  // Writes what the ledger counted and no entry has carried.
  void WriteLedger();

  // The last attempt for what is kept; then it is lost, and said so. Ends the
  // journal with a notice, which tells the next start that all before it is
  // durable.
  void Finish();

  // Segments begun since it was made.
  int64_t segments_begun() const { return segments_begun_; }
  // Whether the newest segment begins with all that older ones say about
  // producers and losses.
  bool has_snapshot() const { return has_snapshot_; }

 private:
  // Writes, syncs and answers from the front of `entries`, which it shortens.
  // On error the segment is given up, and what is left was not committed.
  absl::Status CommitAll(absl::Span<QueuedEntry>* entries);
  // The same for entries that fit into the present segment.
  absl::Status CommitRun(absl::Span<QueuedEntry> run);
  absl::Status CommitKept();
  void RefuseEntries(absl::Span<QueuedEntry> entries);
  // A segment with room for `bytes` of entries behind what it has.
  absl::Status EnsureRoom(int64_t bytes);
  // How many of the first entries the segment takes.
  size_t CountFitting(absl::Span<const QueuedEntry> entries) const;
  // Takes note of an entry that has become durable at `offset`.
  void NoteStored(const PendingEntry& entry);
  absl::Status WriteNotice(const LedgerCounts& counts);
  // The producer table and the ledger's totals, as every segment begins.
  std::vector<PendingEntry> Snapshot();
  // Gives up the present segment and takes note of the failure.
  void Abandon(const absl::Status& why);

  const JournalOptions options_;
  const std::shared_ptr<JournalHead> head_;
  LossLedger& ledger_;
  ProducerTable producers_;
  Offset next_offset_;  // of the first record not synced
  SegmentRoller segments_;
  DiskBackoff backoff_;
  std::vector<QueuedEntry> kept_;
  // The last thing in the journal is not an orderly stop's notice.
  bool unmarked_;
  bool has_snapshot_;
  int64_t segments_begun_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_COMMITTER_H_
