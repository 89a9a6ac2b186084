#include "server/journal/segment_roller.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/status_macros.h"

namespace logboom {

SegmentRoller::SegmentRoller(FileSystem* files, std::string folder,
                             int64_t segment_bytes, RecoveredJournal* recovered,
                             std::shared_ptr<JournalHead> head)
    : files_(*files),
      folder_(std::move(folder)),
      segment_bytes_(segment_bytes),
      journal_id_(recovered->journal_id),
      head_(std::move(head)),
      writer_(std::move(recovered->writer)),
      next_number_(recovered->next_number) {}

absl::Status SegmentRoller::Roll(Offset next_offset,
                                 absl::Span<const PendingEntry> first_entries,
                                 int64_t bytes) {
  writer_.reset();
  const SegmentHeader header{
      .journal_id = journal_id_,
      .number = next_number_++,
      .first_offset = next_offset,
      .created_unix_nano = static_cast<uint64_t>(absl::GetCurrentTimeNanos())};
  int64_t needed = kFirstEntryByte + bytes;
  for (const PendingEntry& entry : first_entries) {
    needed += SegmentWriter::BytesOf(entry);
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      writer_, SegmentWriter::Create(&files_, folder_, header,
                                     std::max(segment_bytes_, needed)));
  for (const PendingEntry& entry : first_entries) {
    writer_->Stage(entry, next_offset);
  }
  absl::Status status = writer_->Write();
  if (status.ok()) status = writer_->Sync();
  if (!status.ok()) {
    Abandon();
    return status;
  }
  head_->StartSegment(writer_->name(), writer_->synced_end());
  return absl::OkStatus();
}

void SegmentRoller::Abandon() {
  if (writer_ == nullptr) return;
  // Best effort: where the disk refuses, the next segment's first offset says
  // the same.
  if (writer_->synced_end() > kFirstEntryByte) {
    writer_->Seal().IgnoreError();
  } else {
    files_.Remove(writer_->name().PathIn(folder_)).IgnoreError();
  }
  writer_.reset();
}

}  // namespace logboom
