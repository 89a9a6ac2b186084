#include "server/journal/recovery.h"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "server/journal/segment_reader.h"

namespace logboom {
namespace {

void Warn(const SegmentName& segment, absl::string_view what) {
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("journal: segment ", segment.FileName(), ": ", what));
}

JournalId NewJournalId() {
  std::random_device random;
  JournalId id;
  for (uint8_t& byte : id) byte = static_cast<uint8_t>(random());
  return id;
}

// The steps of RecoverJournal, in their order.
class Recovery {
 public:
  Recovery(FileSystem* files, absl::string_view folder, RecoveryMode mode)
      : files_(*files), folder_(folder), mode_(mode) {}

  absl::StatusOr<RecoveredJournal> Run() {
    LOGBOOM_ASSIGN_OR_RETURN(found_.segments, ListSegments(&files_, folder_));
    if (!found_.segments.empty()) {
      found_.next_number = found_.segments.back().number + 1;
    }
    LOGBOOM_RETURN_IF_ERROR(DropUnfinished());
    DropReplacedSegments(&found_.segments);
    LOGBOOM_RETURN_IF_ERROR(FindJournalId());
    if (!found_.segments.empty()) LOGBOOM_RETURN_IF_ERROR(FindHead());
    return std::move(found_);
  }

 private:
  absl::StatusOr<std::unique_ptr<File>> OpenSegment(const SegmentName& name) {
    return files_.Open(name.PathIn(folder_), mode_ == RecoveryMode::kRepair
                                                 ? FileSystem::Mode::kReadWrite
                                                 : FileSystem::Mode::kRead);
  }

  absl::StatusOr<SegmentHeader> ReadHeader(File* file) {
    char bytes[kFirstEntryByte];
    LOGBOOM_ASSIGN_OR_RETURN(const size_t size,
                             file->ReadAt(0, absl::MakeSpan(bytes)));
    return DecodeSegmentHeader(absl::string_view(bytes, size));
  }

  absl::Status DropUnfinished();
  absl::StatusOr<bool> IsUnfinished(const SegmentName& name);
  absl::Status FindJournalId();
  absl::Status FindHead();
  absl::Status Scan(const SegmentName& name, SegmentReader* reader,
                    int64_t size);
  absl::Status CutTail(const SegmentName& name, File* file, int64_t size);

  FileSystem& files_;
  const std::string folder_;
  const RecoveryMode mode_;
  RecoveredJournal found_;
  bool newest_has_header_ = false;
};

// A stop while a segment was being created leaves a newest file of zeros, or of
// no bytes.
absl::Status Recovery::DropUnfinished() {
  while (!found_.segments.empty()) {
    const SegmentName name = found_.segments.back();
    LOGBOOM_ASSIGN_OR_RETURN(const bool unfinished, IsUnfinished(name));
    if (!unfinished) return absl::OkStatus();
    if (mode_ == RecoveryMode::kRepair) {
      Warn(name, "never begun, removed");
      LOGBOOM_RETURN_IF_ERROR(files_.Remove(name.PathIn(folder_)));
    }
    found_.segments.pop_back();
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Recovery::IsUnfinished(const SegmentName& name) {
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file, OpenSegment(name));
  if (!absl::IsDataLoss(ReadHeader(file.get()).status())) return false;
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  SegmentReader reader(std::move(file), JournalId{});
  reader.SkipTo(0);
  return reader.OnlyZerosLeft(size);
}

// By the newest segment with a whole header; a new one when no segment has one:
// then nothing in them can be told from bytes that only look like it.
absl::Status Recovery::FindJournalId() {
  const auto& segments = found_.segments;
  for (auto name = segments.rbegin(); name != segments.rend(); ++name) {
    LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<File> file,
                             OpenSegment(*name));
    const absl::StatusOr<SegmentHeader> header = ReadHeader(file.get());
    if (header.ok()) {
      found_.journal_id = header->journal_id;
      newest_has_header_ = name == segments.rbegin();
      return absl::OkStatus();
    }
    if (!absl::IsDataLoss(header.status())) {
      return absl::Status(
          header.status().code(),
          absl::StrCat(name->FileName(), ": ", header.status().message()));
    }
    Warn(*name, "its header is damaged");
  }
  found_.journal_id = NewJournalId();
  return absl::OkStatus();
}

absl::Status Recovery::FindHead() {
  const SegmentName name = found_.segments.back();
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file, OpenSegment(name));
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  SegmentReader reader(std::move(file), found_.journal_id);
  found_.next_offset = name.first_offset;
  LOGBOOM_RETURN_IF_ERROR(Scan(name, &reader, size));
  found_.end = reader.position();
  if (mode_ == RecoveryMode::kReadOnly) return absl::OkStatus();

  LOGBOOM_ASSIGN_OR_RETURN(const bool clean, reader.OnlyZerosLeft(size));
  if (!clean && newest_has_header_) {
    LOGBOOM_RETURN_IF_ERROR(CutTail(name, &reader.file(), size));
  }
  // Whole does not mean durable: only the process may have died.
  LOGBOOM_RETURN_IF_ERROR(reader.file().Sync());
  if (!newest_has_header_) return absl::OkStatus();
  LOGBOOM_ASSIGN_OR_RETURN(file, OpenSegment(name));
  found_.writer = std::make_unique<SegmentWriter>(
      std::move(file), name, found_.journal_id, found_.end, size);
  return absl::OkStatus();
}

// Goes to the end of the last whole entry.
absl::Status Recovery::Scan(const SegmentName& name, SegmentReader* reader,
                            int64_t size) {
  while (true) {
    LOGBOOM_ASSIGN_OR_RETURN(const SegmentItem item, reader->Next(size));
    if (std::holds_alternative<EndOfSegment>(item)) return absl::OkStatus();
    if (const auto* entry = std::get_if<JournalEntry>(&item)) {
      found_.next_offset =
          std::max(found_.next_offset, entry->header.end_offset());
    } else if (mode_ == RecoveryMode::kRepair) {
      const auto& extent = std::get<DamagedExtent>(item);
      Warn(name, absl::StrCat(extent.end - extent.begin,
                              " damaged bytes at byte ", extent.begin));
    }
  }
}

absl::Status Recovery::CutTail(const SegmentName& name, File* file,
                               int64_t size) {
  Warn(name, absl::StrCat("a torn tail behind its last whole entry, bytes ",
                          found_.end, " to ", size, ", is cut"));
  LOGBOOM_RETURN_IF_ERROR(file->Truncate(found_.end));
  // Zeros again, so that what was cut cannot come back behind a shorter entry.
  // On a disk too full to reserve them they are a hole; writing will tell.
  if (!file->Allocate(size).ok()) {
    LOGBOOM_RETURN_IF_ERROR(file->Truncate(size));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RecoveredJournal> RecoverJournal(FileSystem* files,
                                                absl::string_view folder,
                                                RecoveryMode mode) {
  return Recovery(files, folder, mode).Run();
}

}  // namespace logboom
