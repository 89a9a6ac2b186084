#include "server/journal/journal_reader.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

// With the runner's pauses, some seconds: long enough for a disk that comes
// back, short enough not to stand still before one bad sector.
constexpr int kReadsBeforePassingOver = 30;

// Callers retry what is not the end: whatever the disk said, it may pass.
absl::Status Unavailable(const absl::Status& status) {
  return absl::UnavailableError(status.message());
}

}  // namespace

FolderReader::FolderReader(FileSystem* files, std::string folder,
                           const JournalId& journal_id,
                           std::shared_ptr<const JournalHead> head, Offset from,
                           EntrySelection selection)
    : files_(files),
      folder_(std::move(folder)),
      journal_id_(journal_id),
      head_(std::move(head)),
      selection_(selection),
      made_at_(head_->tip()),
      offset_(from) {
  // What retention has deleted is not missing.
  if (const auto oldest = head_->SegmentWith(from)) {
    offset_ = std::max(offset_, oldest->first_offset);
  }
}

absl::StatusOr<JournalEntry> FolderReader::Next() {
  if (!current_) LOGBOOM_RETURN_IF_ERROR(OpenFirst());
  while (true) {
    absl::StatusOr<SegmentItem> item = current_->reader.Next(current_->limit);
    if (!item.ok()) return Failed(item.status());
    failed_reads_ = 0;
    if (const auto* entry = std::get_if<JournalEntry>(&*item)) {
      if (IsReplaced(entry->header)) {
        current_->reader.SkipTo(current_->limit);
      } else if (Accept(entry->header)) {
        return *entry;
      }
    } else if (const auto* extent = std::get_if<DamagedExtent>(&*item)) {
      ReportDamage(*extent);
    } else {
      LOGBOOM_RETURN_IF_ERROR(PassEnd());
    }
  }
}

bool FolderReader::WaitForEntry(absl::Time deadline) {
  return head_->WaitBeyond(offset_, deadline, &interrupted_);
}

absl::Status FolderReader::OpenFirst() {
  const std::optional<SegmentName> first = head_->SegmentWith(offset_);
  // At the head the newest segment may be about to be replaced: nothing of it
  // is wanted yet.
  const bool at_head =
      selection_ == EntrySelection::kWithRecords && offset_ >= head_->offset();
  if (!first || at_head) return absl::OutOfRangeError("at the journal's head");
  CountOvertakenUpTo(first->first_offset);
  LOGBOOM_RETURN_IF_ERROR(OpenFrom(*first));
  if (selection_ == EntrySelection::kAll) return absl::OkStatus();
  if (made_at_ && made_at_->offset == offset_ &&
      made_at_->segment_number == current_->name.number) {
    current_->reader.SkipTo(made_at_->synced_end);
    return absl::OkStatus();
  }
  const absl::Status status =
      current_->reader.SkipBelow(offset_, current_->limit);
  return status.ok() ? status : Failed(status);
}

absl::Status FolderReader::OpenFrom(SegmentName name) {
  while (true) {
    JournalHead::Bounds bounds = head_->BoundsOf(name.number);
    auto file = files_->Open(name.PathIn(folder_), FileSystem::Mode::kRead);
    if (file.ok()) {
      Current opened{name, SegmentReader(*std::move(file), journal_id_),
                     std::move(bounds)};
      LOGBOOM_RETURN_IF_ERROR(RefreshLimit(&opened));
      current_.emplace(std::move(opened));
      return absl::OkStatus();
    }
    if (!absl::IsNotFound(file.status()) || !bounds.next) {
      return Unavailable(file.status());
    }
    if (!head_->DeletedBehind(name.number - 1)) {
      Diagnose(DiagnosticLevel::kWarning,
               absl::StrCat("journal: segment ", name.FileName(), " is gone"));
    }
    CountUpToNext({.number = name.number - 1}, bounds.next->first_offset);
    name = *bounds.next;
  }
}

absl::Status FolderReader::RefreshLimit(Current* current) const {
  if (current->bounds.synced_end) {
    current->limit = *current->bounds.synced_end;
    return absl::OkStatus();
  }
  const absl::StatusOr<int64_t> size = current->reader.file().Size();
  if (!size.ok()) return Unavailable(size.status());
  current->limit = *size;
  return absl::OkStatus();
}

absl::Status FolderReader::PassEnd() {
  const bool was_newest = current_->bounds.synced_end.has_value();
  const int64_t old_limit = current_->limit;
  current_->bounds = head_->BoundsOf(current_->name.number);
  const JournalHead::Bounds& bounds = current_->bounds;
  if (bounds.next && !was_newest) {
    if (offset_ < bounds.next->first_offset) ReportDamageUpTo(old_limit);
    CountUpToNext(current_->name, bounds.next->first_offset);
    return OpenFrom(SegmentName(*bounds.next));
  }
  LOGBOOM_RETURN_IF_ERROR(RefreshLimit(&*current_));
  // Synced bytes end with an entry: what could not be read before it is lost.
  if (was_newest) {
    ReportDamageUpTo(old_limit);
    current_->reader.SkipTo(old_limit);
  }
  if (bounds.next || current_->limit > old_limit) return absl::OkStatus();
  CountMissingUpTo(bounds.head);
  return absl::OutOfRangeError("at the journal's head");
}

bool FolderReader::IsReplaced(const EntryHeader& header) const {
  const std::optional<SegmentName>& next = current_->bounds.next;
  if (!next) return false;
  return header.record_count > 0 ? header.first_offset >= next->first_offset
                                 : header.first_offset > next->first_offset;
}

bool FolderReader::Accept(const EntryHeader& header) {
  CountMissingUpTo(header.first_offset);
  const bool is_new = header.end_offset() > offset_;
  offset_ = std::max(offset_, header.end_offset());
  return is_new ||
         (selection_ == EntrySelection::kAll && header.record_count == 0);
}

void FolderReader::CountMissingUpTo(Offset found) {
  if (found <= offset_) return;
  const Offset missing = found - offset_;
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("journal ", folder_, ": ", missing,
                        " records are missing before offset ", found));
  missing_records_ += static_cast<int64_t>(missing);
  offset_ = found;
}

void FolderReader::CountOvertakenUpTo(Offset found) {
  if (found <= offset_) return;
  overtaken_records_ += static_cast<int64_t>(found - offset_);
  offset_ = found;
}

void FolderReader::CountUpToNext(const SegmentName& segment, Offset found) {
  if (head_->DeletedBehind(segment.number)) {
    CountOvertakenUpTo(found);
  } else {
    CountMissingUpTo(found);
  }
}

absl::Status FolderReader::Failed(const absl::Status& status) {
  if (++failed_reads_ == kReadsBeforePassingOver) {
    current_->reader.PassOverUnreadable();
  }
  return Unavailable(status);
}

void FolderReader::ReportDamage(const DamagedExtent& extent) const {
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("journal: segment ", current_->name.FileName(), ": ",
                        extent.end - extent.begin, " damaged bytes at byte ",
                        extent.begin, " passed over"));
}

void FolderReader::ReportDamageUpTo(int64_t end) {
  SegmentReader& reader = current_->reader;
  const absl::StatusOr<bool> zeros = reader.OnlyZerosLeft(end);
  if (zeros.ok() && *zeros) return;
  ReportDamage({.begin = reader.position(), .end = end});
}

}  // namespace logboom
