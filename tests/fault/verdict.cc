#include "tests/fault/verdict.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/file_system.h"
#include "server/journal/loss_ledger.h"

namespace logboom {
namespace {

uint64_t StoredOf(const JournalContents& journal, const RecordSource& source) {
  const auto found = journal.all.last.find(source);
  return found == journal.all.last.end() ? 0 : found->second;
}

void ExpectCount(absl::string_view what, uint64_t found, uint64_t least,
                 uint64_t most, Findings* findings) {
  if (found >= least && found <= most) return;
  findings->Add(absl::StrCat("ledger: ", what, " is not what happened"),
                absl::StrCat(found, ", expected ", least, " to ", most));
}

void JudgeCursor(const StoredCursor& cursor, Offset head,
                 const ExpectedCursor& expected, Findings* findings) {
  const HandlerCounts& counts = cursor.position.counts;
  HandlerCounts right;
  right.handled = static_cast<uint64_t>(expected.handled);
  right.filtered = head - right.handled;
  if (cursor.position.offset != head) {
    findings->Add(
        "cursors: not at the head",
        absl::StrCat(cursor.name, ": ", cursor.position.offset, " of ", head));
  } else if (!(counts == right)) {
    findings->Add("cursors: the counts are not what happened",
                  absl::StrCat(cursor.name, ": ", counts.ToLedger().ToString(),
                               " instead of ", right.ToLedger().ToString()));
  }
}

}  // namespace

RawReport JudgeRecords(const Deeds& deeds, const JournalContents& journal,
                       Findings* findings) {
  for (const auto& [source, made] : deeds.published_last) {
    const uint64_t stored = StoredOf(journal, source);
    if (stored == made) continue;
    findings->Add("journal: not all that was published is there",
                  absl::StrCat(source.ToString(), ": ", stored, " of ", made));
  }
  RawReport report;
  for (const RawSender::Connection& connection : deeds.connections) {
    const uint64_t stored = StoredOf(journal, connection.source);
    report.sent += connection.records;
    report.stored += stored;
    const bool all = connection.run == deeds.last_run;
    if (stored > connection.records || (all && stored < connection.records)) {
      findings->Add("journal: not what was sent on a raw connection",
                    absl::StrCat(connection.source.ToString(), ": ", stored,
                                 " of ", connection.records));
    }
  }
  return report;
}

void JudgeLedger(const Deeds& deeds, const JournalContents& journal,
                 Findings* findings) {
  const auto count = [&](LossReason reason) {
    return journal.ledger.count(LossReasonName(reason));
  };
  uint64_t undecodable = 0, undecodable_seen = 0, cut = 0, cut_seen = 0;
  for (const RawSender::Connection& connection : deeds.connections) {
    const bool seen = connection.run == deeds.last_run;
    undecodable += connection.undecodable;
    if (seen) undecodable_seen += connection.undecodable;
    // One that the server closed when it was stopped may have been cut too.
    if (connection.cut || connection.broken) ++cut;
    if (seen && connection.cut) ++cut_seen;
  }
  const auto exactly = [&](LossReason reason, uint64_t expected) {
    ExpectCount(LossReasonName(reason), count(reason), expected, expected,
                findings);
  };
  exactly(LossReason::kBatchRejected, deeds.published.malformed);
  exactly(LossReason::kSequenceGap, deeds.published.skipped_sequences);
  exactly(LossReason::kLostByProducerBufferFull, deeds.published.lost_records);
  exactly(LossReason::kFrameTooLarge, 0);
  exactly(LossReason::kTcpBufferFull, 0);
  exactly(LossReason::kNotStored, 0);
  ExpectCount("frame_not_decodable", count(LossReason::kFrameNotDecodable),
              undecodable_seen, undecodable, findings);
  ExpectCount("frame_cut", count(LossReason::kFrameCut), cut_seen, cut,
              findings);
}

void JudgeCursors(const std::string& folder, Offset head,
                  const std::vector<ExpectedCursor>& expected,
                  Findings* findings) {
  const auto cursors = ListCursors(SystemFiles(), folder);
  if (!cursors.ok()) {
    findings->Add("cursors: cannot be read", cursors.status().ToString());
    return;
  }
  for (const ExpectedCursor& one : expected) {
    const auto found = std::find_if(
        cursors->begin(), cursors->end(),
        [&](const StoredCursor& cursor) { return cursor.name == one.handler; });
    if (found == cursors->end()) {
      findings->Add("cursors: a handler has none", one.handler);
    } else {
      JudgeCursor(*found, head, one, findings);
    }
  }
}

}  // namespace logboom
