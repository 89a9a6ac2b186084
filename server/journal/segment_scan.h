#ifndef LOGBOOM_SERVER_JOURNAL_SEGMENT_SCAN_H_
#define LOGBOOM_SERVER_JOURNAL_SEGMENT_SCAN_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/ledger_counts.h"
#include "server/journal/producer_table.h"
#include "server/journal/segment_reader.h"

namespace logboom {

// What the entries of a journal say about producers and losses, taken in their
// order. Pure; not thread-safe.
struct JournalTables {
  ProducerTable producers;
  LedgerCounts ledger;
  // `ledger` has totals, not only what was counted since.
  bool has_totals = false;
  // A whole snapshot has been taken: nothing older is needed.
  bool complete = false;
  uint32_t parts = 0;  // of a snapshot, taken in a row from the first

  void Add(const JournalEntry& entry);
  // Adds what the segments behind these say.
  void Follow(JournalTables newer);
};

// What one pass over a segment finds.
struct SegmentScan {
  JournalTables tables;
  Offset next_offset = 0;  // behind the last whole entry; 0: there is none
  int64_t end = kFirstEntryByte;  // where that one ends
  std::vector<DamagedExtent> gaps;
  // Everything before this byte was durable when a later entry was written.
  int64_t synced_end = kFirstEntryByte;
  // It ends with a notice that was written when all before it was durable.
  bool stopped_in_order = false;
};

// What is known about a segment from elsewhere.
struct SegmentContext {
  // Entries with records up to here were durable.
  Offset synced_offset = 0;
  // The next segment's first offset: what this one has from there on was not
  // synced and is replaced.
  Offset replaced_from = std::numeric_limits<Offset>::max();
};

// Reads the segment up to `limit`, or to where it is replaced. Errors: those of
// reading.
absl::StatusOr<SegmentScan> ScanSegment(SegmentReader* reader, int64_t limit,
                                        const SegmentContext& context);

// The gap from which on the segment's last group was torn, by a scan of it; the
// groups before it were durable. -1: there is none.
int64_t TornFrom(const SegmentScan& scan);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_SEGMENT_SCAN_H_
