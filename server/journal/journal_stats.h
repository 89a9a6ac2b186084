#ifndef LOGBOOM_SERVER_JOURNAL_JOURNAL_STATS_H_
#define LOGBOOM_SERVER_JOURNAL_JOURNAL_STATS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/cursor.h"
#include "server/journal/file_system.h"
#include "server/journal/ledger_counts.h"

namespace logboom {

// What came in, since the journal began: stored + rejected + lost. A frame or
// batch that could not be read counts as one.
struct IngestBalance {
  uint64_t stored = 0;
  LedgerCounts rejected;
  LedgerCounts lost;
  // Lost before it came: records that producers say they dropped, and batches
  // that their numbers say are missing.
  LedgerCounts before;

  uint64_t received() const { return stored + rejected.sum() + lost.sum(); }
};

// By the reasons of a ledger. Reasons of other versions are losses. Pure.
IngestBalance BalanceOf(Offset head, const LedgerCounts& ledger);

// What became of the records stored, for one handler:
//   stored + replayed = handled + filtered + pending + lost + skipped
struct HandlerBalance {
  std::string name;
  Offset offset = 0;  // of the next record to handle
  uint64_t stored = 0;
  uint64_t pending = 0;  // still to be handled
  HandlerCounts counts;  // as its cursor has them
  // Deleted by retention before it came to them; its cursor will count them.
  uint64_t overtaken = 0;

  // journal_damaged and retention_overtook; the latter with `overtaken`.
  LedgerCounts lost() const;
  // Records that have no place on the right side; negative: that have two
  // there. 0: the balance closes.
  int64_t difference() const;
};

// Of a cursor in a journal that keeps the records [oldest, head). Pure.
HandlerBalance BalanceOf(const std::string& name,
                         const CursorPosition& position, Offset oldest,
                         Offset head);

struct JournalStats {
  JournalId journal_id{};  // zeros: it has no segment yet
  size_t segments = 0;
  int64_t bytes = 0;  // of their files
  Offset oldest = 0;  // record kept
  Offset head = 0;    // the next record's offset
  size_t producers = 0;
  IngestBalance ingest;
  std::vector<HandlerBalance> handlers;  // by name
  // Handlers whose cursor is another journal's.
  std::vector<std::string> foreign_cursors;
};

// Reads them from the newest segment and the cursors, without a lock: of a
// journal that a server has open they are a moment's picture, handlers up to a
// second behind. What is damaged is reported and not counted.
// Errors: NOT_FOUND, no journal there; as RecoverJournal.
absl::StatusOr<JournalStats> ReadJournalStats(FileSystem* files,
                                              absl::string_view folder);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_JOURNAL_STATS_H_
