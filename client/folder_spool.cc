#include "client/folder_spool.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "client/spool_losses.h"
#include "client/spool_reader.h"

namespace logboom {
namespace {

// So many files at the least, so that deleting one makes little room at a time.
constexpr int64_t kLeastFiles = 8;

// An entry's header has room for less of each part, and for fewer records.
constexpr int64_t kTooLarge = std::numeric_limits<uint32_t>::max();

std::string ToString(const ProducerId& id) {
  return std::string(reinterpret_cast<const char*>(id.data()), id.size());
}

}  // namespace

FolderSpool::FolderSpool(SpoolOptions options, SpoolDisk* disk,
                         SpoolFolder folder, RecoveredSpool recovered,
                         SpoolLife own)
    : options_(std::move(options)),
      disk_(disk),
      folder_(std::move(folder)),
      identity_(recovered.identity),
      identity_stored_(recovered.identity_stored),
      producer_id_(ToString(identity_.producer_id)),
      lives_(std::move(recovered.lives)),
      front_(disk, &folder_, &lives_),
      writer_(disk),
      next_number_(recovered.next_number),
      next_offset_(recovered.next_offset),
      bytes_(recovered.bytes),
      damaged_records_(recovered.damaged_records),
      problems_(std::move(recovered.problems)) {
  lives_.AddOwn(std::move(own));
  const absl::Status stored = StoreIdentity();
  if (stored.ok()) return;
  absl::StrAppend(&problems_, folder_.path(),
                  ": its identity is not stored: ", stored.message(), "\n");
}

absl::Status FolderSpool::StoreIdentity() {
  if (identity_stored_) return absl::OkStatus();
  const absl::Status status = folder_.WriteIdentity(identity_);
  identity_stored_ = status.ok();
  return status;
}

absl::Status FolderSpool::DrawNewProducerId() {
  identity_.producer_id = DrawSpoolId();
  producer_id_ = ToString(identity_.producer_id);
  identity_stored_ = false;
  return StoreIdentity();
}

EntryHeader FolderSpool::HeaderOf(const Batch& batch,
                                  absl::string_view ledger) const {
  const SpoolLife& own = lives_.own().life;
  return {
      .kind = EntryKind::kNative,
      .resource_bytes = static_cast<uint32_t>(own.resource.size()),
      .payload_bytes = static_cast<uint32_t>(batch.payload.size()),
      .ledger_bytes = static_cast<uint32_t>(ledger.size()),
      .record_count = static_cast<uint32_t>(batch.records),
      .first_offset = next_offset_,
      .received_unix_nano = static_cast<uint64_t>(absl::GetCurrentTimeNanos()),
      .producer_id = identity_.producer_id,
      .session_epoch = own.epoch,
      .sequence = batch.sequence,
  };
}

absl::Status FolderSpool::Check(const Batch& batch,
                                const EntryHeader& header) const {
  if (batch.sequence <= lives_.own().last_sequence()) {
    return absl::InternalError(absl::StrCat("batch ", batch.sequence,
                                            " is spooled behind a later one"));
  }
  if (static_cast<int64_t>(batch.payload.size()) >= kTooLarge ||
      static_cast<int64_t>(lives_.own().life.resource.size()) >= kTooLarge ||
      batch.records < 0 || batch.records >= kTooLarge ||
      header.entry_bytes() + kFirstEntryByte > options_.max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a batch of ", batch.payload.size(),
                     " bytes is too large for ", folder_.path()));
  }
  return absl::OkStatus();
}

Spool::Dropped FolderSpool::Append(const Batch& batch) {
  StoreIdentity().IgnoreError();
  Dropped dropped;
  const std::string ledger = EncodeSpooledLosses(batch.lost);
  const EntryHeader header = HeaderOf(batch, ledger);
  absl::Status status = Check(batch, header);
  if (status.ok()) {
    // As if it needed a new file: the writer's may be among the dropped.
    status = MakeRoom(header.entry_bytes() + kFirstEntryByte, &dropped);
  }
  if (status.ok()) status = Write(batch, header, ledger);
  dropped.stored = status.ok();
  if (dropped.stored) return dropped;
  dropped.records += batch.records;
  AddLosses(batch.lost, &dropped.lost);
  dropped.why = std::move(status);
  return dropped;
}

bool FolderSpool::NeedsNewFile(int64_t entry_bytes) const {
  if (!writer_.is_open()) return true;
  const int64_t most =
      std::min(options_.segment_bytes, options_.max_bytes / kLeastFiles);
  return writer_.end() > kFirstEntryByte && writer_.end() + entry_bytes > most;
}

absl::Status FolderSpool::Write(const Batch& batch, const EntryHeader& header,
                                absl::string_view ledger) {
  if (NeedsNewFile(header.entry_bytes())) LOGBOOM_RETURN_IF_ERROR(BeginFile());
  const absl::Status status =
      writer_.Append(header, lives_.own().life.resource, batch.payload, ledger);
  if (status.ok()) {
    Note(header);
  } else if (!writer_.is_open()) {
    GiveUpFile();
  }
  return status;
}

absl::Status FolderSpool::BeginFile() {
  writer_.Close();
  writing_ = {.first_offset = next_offset_, .number = next_number_++};
  LOGBOOM_RETURN_IF_ERROR(writer_.Create(
      folder_.PathOf(writing_), {.journal_id = identity_.spool_id,
                                 .number = writing_.number,
                                 .first_offset = writing_.first_offset,
                                 .created_unix_nano = static_cast<uint64_t>(
                                     absl::GetCurrentTimeNanos())}));
  bytes_ += kFirstEntryByte;
  return absl::OkStatus();
}

void FolderSpool::Note(const EntryHeader& header) {
  SpooledLife& own = lives_.own();
  if (own.segments.empty() ||
      own.segments.back().name.number != writing_.number) {
    own.segments.push_back({.name = writing_,
                            .journal_id = identity_.spool_id,
                            .epoch = own.life.epoch,
                            .first_sequence = header.sequence});
  }
  SpoolSegment& segment = own.segments.back();
  segment.bytes = writer_.end();
  segment.last_sequence = header.sequence;
  next_offset_ = segment.end_offset = header.end_offset();
  segment.records += header.record_count;
  own.records += header.record_count;
  bytes_ += header.entry_bytes();
}

// What is in it stays; a file without an entry is not in the lives.
void FolderSpool::GiveUpFile() {
  if (writer_.end() > kFirstEntryByte) return;
  bytes_ -= kFirstEntryByte;
  RemoveFile(disk_, folder_.PathOf(writing_)).IgnoreError();
}

absl::Status FolderSpool::MakeRoom(int64_t needed, Dropped* dropped) {
  const int64_t lacking = bytes_ + needed - options_.max_bytes;
  if (lacking <= 0) return absl::OkStatus();
  const absl::Status full = absl::ResourceExhaustedError(
      absl::StrCat("spool folder ", folder_.path(), " is full: ", bytes_,
                   " of ", options_.max_bytes, " bytes"));
  if (options_.when_full == SpoolFull::kDropNewest) return full;
  const std::vector<SpoolSegment> oldest = Oldest(lacking);
  if (oldest.empty()) return full;
  for (const SpoolSegment& segment : oldest) {
    LOGBOOM_RETURN_IF_ERROR(Drop(segment, dropped));
  }
  dropped->why = full;
  return absl::OkStatus();
}

std::vector<SpoolSegment> FolderSpool::Oldest(int64_t needed) const {
  std::vector<SpoolSegment> oldest;
  for (const SpooledLife& life : lives_.all()) {
    const bool front = &life == &lives_.front();
    for (const SpoolSegment& segment : life.segments) {
      if (front && front_.IsHeld(segment)) continue;
      oldest.push_back(segment);
      needed -= segment.bytes;
      if (needed <= 0) return oldest;
    }
  }
  return {};
}

absl::Status FolderSpool::Drop(const SpoolSegment& segment, Dropped* dropped) {
  const LossCounts::Unreported lost = LossesIn(segment);
  LOGBOOM_RETURN_IF_ERROR(Delete(segment));
  dropped->records += segment.records;
  AddLosses(lost, &dropped->lost);
  return absl::OkStatus();
}

LossCounts::Unreported FolderSpool::LossesIn(
    const SpoolSegment& segment) const {
  LossCounts::Unreported lost;
  const uint64_t settled =
      segment.epoch == front_life().epoch ? front_.settled() : 0;
  SpoolReader reader(disk_);
  if (!reader.Open(folder_.PathOf(segment.name)).ok()) return lost;
  reader.set_journal_id(segment.journal_id);
  while (true) {
    const SpoolReader::Item item = reader.Next(segment.bytes);
    if (item.kind == SpoolReader::Item::Kind::kEnd) return lost;
    if (item.kind != SpoolReader::Item::Kind::kEntry ||
        item.header.ledger_bytes == 0 || item.header.sequence <= settled) {
      continue;
    }
    const absl::StatusOr<SpoolReader::Entry> entry = reader.Read(item);
    if (entry.ok()) AddLosses(DecodeSpooledLosses(entry->parts.ledger), &lost);
  }
}

absl::Status FolderSpool::Delete(const SpoolSegment& segment) {
  const uint64_t number = segment.name.number;
  const int64_t bytes = segment.bytes;
  LOGBOOM_RETURN_IF_ERROR(RemoveFile(disk_, folder_.PathOf(segment.name)));
  front_.Close(number);
  if (writing_.number == number) writer_.Close();
  lives_.Remove(number);  // `segment` may be gone with it
  bytes_ -= bytes;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Batch>> FolderSpool::Next() {
  auto next = front_.Next();
  if (absl::IsDataLoss(next.status())) {
    absl::StrAppend(&problems_, next.status().message(), "\n");
  }
  return next;
}

absl::Status FolderSpool::Settle(uint64_t sequence) {
  front_.Settle(sequence);
  const std::deque<SpoolSegment>& segments = lives_.front().segments;
  while (!segments.empty() &&
         segments.front().last_sequence <= front_.settled()) {
    const absl::Status deleted = Delete(segments.front());
    if (!deleted.ok()) return absl::FailedPreconditionError(deleted.message());
  }
  if (!segments.empty() || at_own_life()) return absl::OkStatus();
  lives_.PopFront();
  front_.Begin();
  return absl::OkStatus();
}

}  // namespace logboom
