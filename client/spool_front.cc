#include "client/spool_front.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/spool_losses.h"

namespace logboom {

SpoolFront::SpoolFront(SpoolDisk* disk, const SpoolFolder* folder,
                       SpoolLives* lives)
    : disk_(disk),
      folder_(folder),
      lives_(lives),
      read_{.reader = SpoolReader(disk)},
      counting_{.reader = SpoolReader(disk)} {}

void SpoolFront::Begin() {
  Close(read_.number);
  Close(counting_.number);
  read_sequence_ = last_returned_ = settled_ = counted_ = 0;
}

void SpoolFront::Close(uint64_t number) {
  if (read_.number == number) {
    read_.reader.Close();
    read_.number = 0;
  }
  if (counting_.number == number) {
    counting_.reader.Close();
    counting_.number = 0;
    count_next_.reset();
  }
}

bool SpoolFront::has_next() const {
  return lives_->front().last_sequence() > read_sequence_;
}

bool SpoolFront::has_unsettled() const {
  return lives_->front().last_sequence() > settled_;
}

bool SpoolFront::IsHeld(const SpoolSegment& segment) const {
  return last_returned_ > settled_ &&
         segment.first_sequence <= last_returned_ &&
         segment.last_sequence > settled_;
}

int64_t SpoolFront::TakeDamagedRecords() {
  return std::exchange(damaged_records_, 0);
}

absl::Status SpoolFront::GoTo(const SpoolSegment& segment, Place* place) {
  if (place->number == segment.name.number) return absl::OkStatus();
  place->number = 0;
  LOGBOOM_RETURN_IF_ERROR(place->reader.Open(folder_->PathOf(segment.name)));
  place->reader.set_journal_id(segment.journal_id);
  place->number = segment.name.number;
  place->offset = segment.name.first_offset;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Batch>> SpoolFront::Next() {
  while (SpoolSegment* const segment =
             lives_->front().FirstBehind(read_sequence_)) {
    const absl::Status opened = GoTo(*segment, &read_);
    if (absl::IsNotFound(opened)) {
      LOGBOOM_RETURN_IF_ERROR(PassMissingFile(segment, opened));
      continue;
    }
    if (!opened.ok()) return absl::UnavailableError(opened.message());
    LOGBOOM_ASSIGN_OR_RETURN(std::optional<Batch> batch,
                             Take(segment, read_.reader.Next(segment->bytes)));
    if (batch) return batch;
  }
  return std::nullopt;
}

absl::Status SpoolFront::PassMissingFile(SpoolSegment* segment,
                                         const absl::Status& status) {
  const absl::Status passed = Pass(
      segment, {0, segment->bytes, segment->records}, segment->last_sequence);
  return passed.ok() ? passed : absl::DataLossError(status.message());
}

absl::StatusOr<std::optional<Batch>> SpoolFront::Take(SpoolSegment* segment,
                                                      const Item& item) {
  if (item.kind == Item::Kind::kEntry) return TakeEntry(segment, item);
  // Behind the last batch nothing is read: where the file ends before it, what
  // is left has been damaged.
  const bool at_end = item.kind == Item::Kind::kEnd;
  const Offset found = at_end ? segment->end_offset : item.header.first_offset;
  const auto missing =
      static_cast<int64_t>(found - std::min(found, read_.offset));
  read_.offset = found;
  LOGBOOM_RETURN_IF_ERROR(
      Pass(segment, {item.begin, item.end, missing},
           at_end ? segment->last_sequence
                  : std::max(item.header.sequence, uint64_t{1}) - 1));
  return std::nullopt;
}

absl::StatusOr<std::optional<Batch>> SpoolFront::TakeEntry(
    SpoolSegment* segment, const Item& item) {
  const EntryHeader& header = item.header;
  read_.offset = header.end_offset();
  if (header.sequence <= read_sequence_) return std::nullopt;
  absl::StatusOr<SpoolReader::Entry> entry = read_.reader.Read(item);
  if (!entry.ok()) {
    LOGBOOM_RETURN_IF_ERROR(Pass(
        segment, {item.begin, item.end, header.record_count}, header.sequence));
    return std::nullopt;
  }
  read_sequence_ = last_returned_ = header.sequence;
  Batch batch{.sequence = header.sequence, .records = header.record_count};
  batch.lost = DecodeSpooledLosses(entry->parts.ledger);
  batch.memory_bytes = item.end - item.begin;
  batch.payload = absl::MakeCordFromExternal(
      entry->parts.payload, [bytes = std::move(entry->bytes)] {});
  return batch;
}

absl::Status SpoolFront::Pass(SpoolSegment* segment,
                              SpoolSegment::Damage damage,
                              uint64_t last_sequence) {
  if (last_sequence <= read_sequence_) return absl::OkStatus();
  read_sequence_ = last_sequence;
  const std::optional<int64_t> lost = segment->AddDamage(damage);
  if (lost) {
    lives_->front().Subtract(segment, *lost);
    damaged_records_ += *lost;
  }
  SettlePassed();
  if (!lost) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(folder_->PathOf(segment->name), ": bytes ", damage.begin,
                   " to ", damage.end, " are damaged: ", *lost, " records"));
}

void SpoolFront::Rewind(uint64_t sequence) {
  RaiseSettled(sequence);
  read_sequence_ = last_returned_ = settled_;
  Close(read_.number);
}

void SpoolFront::Settle(uint64_t sequence) {
  RaiseSettled(sequence);
  SettlePassed();
}

void SpoolFront::SettlePassed() {
  if (settled_ >= last_returned_) RaiseSettled(read_sequence_);
}

void SpoolFront::RaiseSettled(uint64_t sequence) {
  if (sequence <= settled_) return;
  settled_ = sequence;
  read_sequence_ = std::max(read_sequence_, settled_);
  SpooledLife& life = lives_->front();
  for (SpoolSegment& segment : life.segments) {
    if (segment.last_sequence > settled_) {
      if (segment.first_sequence <= settled_) CountSettled(&segment);
      break;
    }
    life.Subtract(&segment, segment.records);
  }
}

void SpoolFront::CountSettled(SpoolSegment* segment) {
  // A file that cannot be opened now is counted when more of it is settled.
  if (!GoTo(*segment, &counting_).ok()) return;
  while (true) {
    if (!count_next_) count_next_ = counting_.reader.Next(segment->bytes);
    const Item& item = *count_next_;
    if (item.kind == Item::Kind::kEnd || item.header.sequence > settled_) break;
    if (item.kind == Item::Kind::kEntry && item.header.sequence > counted_ &&
        !segment->IsDamaged(item.begin)) {
      lives_->front().Subtract(segment, item.header.record_count);
    }
    count_next_.reset();
  }
  if (count_next_->kind == Item::Kind::kEnd) count_next_.reset();
  counted_ = settled_;
}

}  // namespace logboom
