#include "server/journal/journal_stats.h"

#include <algorithm>
#include <memory>

#include "base/status_macros.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/folder_lock.h"
#include "server/journal/loss_ledger.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_name.h"

namespace logboom {
namespace {

bool IsRejection(absl::string_view reason) {
  return reason == LossReasonName(LossReason::kBatchRejected) ||
         reason == LossReasonName(LossReason::kRecordRejected);
}

bool CameNever(absl::string_view reason) {
  return IsLostByProducer(reason) ||
         reason == LossReasonName(LossReason::kSequenceGap);
}

// A segment that retention has deleted since it was listed has none.
int64_t BytesOf(FileSystem* files, const std::string& path) {
  const auto file = files->Open(path, FileSystem::Mode::kRead);
  if (!file.ok()) return 0;
  return (*file)->Size().value_or(0);
}

absl::StatusOr<Offset> OldestListed(FileSystem* files,
                                    absl::string_view folder) {
  LOGBOOM_ASSIGN_OR_RETURN(std::vector<SegmentName> segments,
                           ListSegments(files, folder));
  DropReplacedSegments(&segments);
  return segments.empty() ? 0 : segments.front().first_offset;
}

}  // namespace

IngestBalance BalanceOf(Offset head, const LedgerCounts& ledger) {
  IngestBalance balance;
  balance.stored = head;
  for (const auto& [reason, count] : ledger.by_name()) {
    LedgerCounts& side = IsRejection(reason) ? balance.rejected
                         : CameNever(reason) ? balance.before
                                             : balance.lost;
    side.Add(reason, count);
  }
  return balance;
}

LedgerCounts HandlerBalance::lost() const {
  LedgerCounts lost;
  lost.Add("journal_damaged", counts.journal_damaged);
  lost.Add("retention_overtook", counts.retention_overtook + overtaken);
  return lost;
}

int64_t HandlerBalance::difference() const {
  const uint64_t places = counts.handled + counts.filtered + pending +
                          lost().sum() + counts.skipped;
  return static_cast<int64_t>(stored + counts.replayed - places);
}

HandlerBalance BalanceOf(const std::string& name,
                         const CursorPosition& position, Offset oldest,
                         Offset head) {
  const Offset next = std::max(position.offset, oldest);
  return {.name = name,
          .offset = position.offset,
          .stored = head,
          .pending = head - std::min(next, head),
          .counts = position.counts,
          .overtaken = next - position.offset};
}

absl::StatusOr<JournalStats> ReadJournalStats(FileSystem* files,
                                              absl::string_view folder) {
  LOGBOOM_RETURN_IF_ERROR(CheckIsJournal(files, folder));
  // In this order: what a server does meanwhile makes no cursor look as if it
  // were beyond the head, or overtaken by a deletion that came after it.
  LOGBOOM_ASSIGN_OR_RETURN(const Offset oldest, OldestListed(files, folder));
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<StoredCursor> cursors,
                           ListCursors(files, folder, CursorProblems::kReport));
  LOGBOOM_ASSIGN_OR_RETURN(
      const RecoveredJournal journal,
      RecoverJournal(files, folder, RecoveryMode::kReadOnly));

  JournalStats stats;
  stats.segments = journal.segments.size();
  if (stats.segments > 0) stats.journal_id = journal.journal_id;
  for (const SegmentName& segment : journal.segments) {
    stats.bytes += BytesOf(files, segment.PathIn(folder));
  }
  stats.head = journal.next_offset;
  stats.oldest = stats.segments > 0 ? oldest : stats.head;
  stats.producers = journal.producers.size();
  stats.ingest = BalanceOf(stats.head, journal.ledger);
  for (const StoredCursor& cursor : cursors) {
    if (cursor.journal_id == journal.journal_id) {
      stats.handlers.push_back(
          BalanceOf(cursor.name, cursor.position, stats.oldest, stats.head));
    } else {
      stats.foreign_cursors.push_back(cursor.name);
    }
  }
  return stats;
}

}  // namespace logboom
