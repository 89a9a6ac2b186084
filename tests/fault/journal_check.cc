#include "tests/fault/journal_check.h"

#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_view.h"
#include "server/journal/file_system.h"
#include "server/journal/journal.h"
#include "tests/fault/known_record.h"

namespace logboom {
namespace {

class JournalWalk {
 public:
  explicit JournalWalk(Findings* findings)
      : findings_(*findings),
        all_("journal", findings),
        shared_("journal, shared sources", findings) {}

  void TakeEntry(const JournalEntry& entry);
  JournalContents contents() const;

 private:
  void TakeLedger(const JournalEntry& entry);
  void TakeSequence(const EntryHeader& header);
  void TakeRecord(const EntryHeader& header, absl::string_view encoded,
                  Offset offset);

  Findings& findings_;
  StreamCheck all_;
  StreamCheck shared_;
  Offset head_ = 0;
  LedgerCounts ledger_;
  std::map<ProducerId, uint64_t> sequences_;
};

void JournalWalk::TakeEntry(const JournalEntry& entry) {
  TakeLedger(entry);
  TakeSequence(entry.header);
  if (entry.header.first_offset != head_) {
    findings_.Add("journal: an offset is not the next one",
                  absl::StrCat(entry.header.first_offset, " after ", head_));
  }
  head_ = entry.header.end_offset();
  if (entry.header.kind != EntryKind::kNative) return;
  Offset offset = entry.header.first_offset;
  BatchView batch(entry.payload);
  while (batch.Next()) TakeRecord(entry.header, batch.record(), offset++);
  if (offset != head_) {
    findings_.Add("journal: an entry's number of records is another",
                  absl::StrCat("at ", entry.header.first_offset));
  }
}

void JournalWalk::TakeLedger(const JournalEntry& entry) {
  if (entry.ledger.empty()) return;
  const auto counts = LedgerCounts::Decode(entry.ledger);
  const std::string where = absl::StrCat("at ", entry.header.first_offset);
  if (!counts.ok()) {
    findings_.Add("journal: an entry's ledger cannot be read", where);
  } else if (entry.header.kind != EntryKind::kProducerTable) {
    ledger_.Add(*counts);
  } else if (counts->by_name() != ledger_.by_name()) {
    findings_.Add("journal: a segment's totals are not the sums before it",
                  absl::StrCat(where, ": ", counts->ToString(), " after ",
                               ledger_.ToString()));
  }
}

void JournalWalk::TakeSequence(const EntryHeader& header) {
  if (header.anonymous || header.sequence == 0) return;
  uint64_t& last = sequences_[header.producer_id];
  if (header.sequence <= last) {
    findings_.Add("journal: a producer's sequence does not rise",
                  absl::StrCat(header.sequence, " after ", last, " at ",
                               header.first_offset));
  }
  last = header.sequence;
}

void JournalWalk::TakeRecord(const EntryHeader& header,
                             absl::string_view encoded, Offset offset) {
  const auto view = RecordView::Parse(encoded);
  if (!view.ok() || !view->body.has_value()) {
    all_.TakeUnknown(encoded, offset);
    return;
  }
  const absl::string_view message = view->body->string_value();
  const auto record = KnownRecord::FromMessage(message);
  if (!record.has_value() || view->logger != record->source.logger()) {
    all_.TakeUnknown(message, offset);
    return;
  }
  const bool raw = record->source.way == RecordSource::Way::kRaw;
  if (raw != header.anonymous) {
    findings_.Add("journal: an entry is not of its record's producer",
                  absl::StrCat("at ", offset));
  }
  all_.Take(*record, offset);
  if (record->source.shared()) shared_.Take(*record, offset);
}

JournalContents JournalWalk::contents() const {
  return {.head = head_,
          .all = all_.contents(),
          .shared = shared_.contents(),
          .ledger = ledger_};
}

}  // namespace

JournalContents CheckJournal(const std::string& folder, Findings* findings) {
  JournalWalk walk(findings);
  auto reader =
      OpenJournalForReading(SystemFiles(), folder, EntrySelection::kAll);
  if (!reader.ok()) {
    findings->Add("journal: it cannot be opened", reader.status().ToString());
    return walk.contents();
  }
  while (true) {
    const absl::StatusOr<JournalEntry> entry = (*reader)->Next();
    if (absl::IsOutOfRange(entry.status())) break;
    if (!entry.ok()) {
      findings->Add("journal: it cannot be read", entry.status().ToString());
      break;
    }
    walk.TakeEntry(*entry);
  }
  if ((*reader)->missing_records() > 0) {
    findings->Add("journal: it is damaged",
                  absl::StrCat((*reader)->missing_records(), " missing"));
  }
  return walk.contents();
}

}  // namespace logboom
