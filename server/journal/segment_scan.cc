#include "server/journal/segment_scan.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/diagnostics.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

LedgerCounts LedgerOf(const JournalEntry& entry) {
  auto counts = LedgerCounts::Decode(entry.ledger);
  return counts.ok() ? *std::move(counts) : LedgerCounts();
}

// An entry without records stands before the record of its offset.
bool IsReplaced(const EntryHeader& header, Offset from) {
  return header.record_count > 0 ? header.first_offset >= from
                                 : header.first_offset > from;
}

}  // namespace

void JournalTables::Add(const JournalEntry& entry) {
  if (entry.header.kind != EntryKind::kProducerTable) {
    producers.Stored(entry.header);
    if (!entry.ledger.empty()) ledger.Add(LedgerOf(entry));
    return;
  }
  if (!entry.ledger.empty()) {
    ledger = LedgerOf(entry);
    has_totals = true;
  }
  const absl::StatusOr<ProducerTable::Part> part =
      producers.Load(entry.payload);
  if (!part.ok() || part->number != parts) return;
  ++parts;
  if (part->last) complete = true;
}

void JournalTables::Follow(JournalTables newer) {
  producers.Add(newer.producers);
  if (newer.has_totals) ledger = LedgerCounts();
  ledger.Add(newer.ledger);
  has_totals |= newer.has_totals;
  complete |= newer.complete;
}

absl::StatusOr<SegmentScan> ScanSegment(SegmentReader* reader, int64_t limit,
                                        const SegmentContext& context) {
  SegmentScan scan;
  while (true) {
    LOGBOOM_ASSIGN_OR_RETURN(const SegmentItem item, reader->Next(limit));
    if (std::holds_alternative<EndOfSegment>(item)) return scan;
    if (const auto* gap = std::get_if<DamagedExtent>(&item)) {
      scan.gaps.push_back(*gap);
      continue;
    }
    const auto& entry = std::get<JournalEntry>(item);
    const EntryHeader& header = entry.header;
    const int64_t begin = reader->position() - header.entry_bytes();
    if (IsReplaced(header, context.replaced_from)) return scan;
    scan.stopped_in_order = header.kind == EntryKind::kNotice &&
                            header.anonymous &&
                            static_cast<int64_t>(header.synced_end) == begin;
    scan.end = reader->position();
    scan.next_offset = std::max(scan.next_offset, header.end_offset());
    // Not known: what is in doubt is damage, and nothing whole is cut.
    const auto synced_end = static_cast<int64_t>(header.synced_end);
    scan.synced_end =
        std::max(scan.synced_end, synced_end == 0 ? begin : synced_end);
    if (header.record_count > 0 &&
        header.end_offset() <= context.synced_offset) {
      scan.synced_end = std::max(scan.synced_end, scan.end);
    }
    scan.tables.Add(entry);
  }
}

int64_t TornFrom(const SegmentScan& scan) {
  for (const DamagedExtent& gap : scan.gaps) {
    if (gap.begin >= scan.synced_end) return gap.begin;
  }
  return -1;
}

}  // namespace logboom
