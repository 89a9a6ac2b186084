#include "server/journal/recovery.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"
#include "base/random_bytes.h"
#include "base/status_macros.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/segment_reader.h"
#include "server/journal/segment_scan.h"

namespace logboom {
namespace {

void Warn(const SegmentName& segment, absl::string_view what) {
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("journal: segment ", segment.FileName(), ": ", what));
}

JournalId NewJournalId() {
  JournalId id;
  FillRandom(id.data(), id.size());
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
    all_segments_ = found_.segments;
    DropReplacedSegments(&found_.segments);
    LOGBOOM_ASSIGN_OR_RETURN(
        cursors_, ListCursors(&files_, folder_, CursorProblems::kIgnore));
    LOGBOOM_RETURN_IF_ERROR(FindJournalId());
    FindLastRead();
    if (!found_.segments.empty()) LOGBOOM_RETURN_IF_ERROR(FindHead());
    GoBehindWhatWasRead();
    return std::move(found_);
  }

 private:
  absl::StatusOr<std::unique_ptr<File>> OpenSegment(const SegmentName& name) {
    return files_.Open(name.PathIn(folder_), mode_ == RecoveryMode::kRepair
                                                 ? FileSystem::Mode::kReadWrite
                                                 : FileSystem::Mode::kRead);
  }

  absl::Status DropUnfinished();
  absl::StatusOr<bool> IsUnfinished(const SegmentName& name);
  absl::Status FindJournalId();
  void FindLastRead();
  absl::Status FindHead();
  absl::StatusOr<SegmentScan> Scan(const SegmentName& name,
                                   SegmentReader* reader, int64_t size);
  absl::Status TakeTables(JournalTables tables);
  absl::StatusOr<JournalTables> ReadTables(size_t index);
  absl::Status FinishNewest(const SegmentName& name, SegmentReader* reader,
                            int64_t size, int64_t durable_end);
  absl::Status MakeDurable(File* file, int64_t from);
  absl::Status CutTail(const SegmentName& name, File* file, int64_t size);
  void GoBehindWhatWasRead();

  FileSystem& files_;
  const std::string folder_;
  const RecoveryMode mode_;
  RecoveredJournal found_;
  std::vector<SegmentName> all_segments_;  // with replaced ones
  std::vector<StoredCursor> cursors_;
  Offset last_read_ = 0;  // readers have had everything below it
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
  if (!absl::IsDataLoss(ReadSegmentHeader(file.get()).status())) return false;
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  SegmentReader reader(std::move(file), JournalId{});
  reader.SkipTo(0);
  return reader.OnlyZerosLeft(size);
}

// By the newest segment with a whole header, else by a cursor; a new one when
// nothing has it: then entries cannot be told from bytes that only look like
// them.
absl::Status Recovery::FindJournalId() {
  const auto& segments = found_.segments;
  for (auto name = segments.rbegin(); name != segments.rend(); ++name) {
    LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<File> file,
                             OpenSegment(*name));
    const absl::StatusOr<SegmentHeader> header = ReadSegmentHeader(file.get());
    if (header.ok()) {
      found_.journal_id = header->journal_id;
      newest_has_header_ = name == segments.rbegin();
      return absl::OkStatus();
    }
    if (absl::IsFailedPrecondition(header.status())) {
      return absl::Status(
          header.status().code(),
          absl::StrCat(name->FileName(), ": ", header.status().message()));
    }
    Warn(*name,
         absl::StrCat("its header is damaged: ", header.status().message()));
  }
  found_.journal_id =
      cursors_.empty() ? NewJournalId() : cursors_.front().journal_id;
  return absl::OkStatus();
}

// Readers never pass what is synced, so their cursors tell what was.
void Recovery::FindLastRead() {
  for (const StoredCursor& cursor : cursors_) {
    if (cursor.journal_id != found_.journal_id) continue;
    last_read_ = std::max(last_read_, cursor.reached());
  }
}

absl::Status Recovery::FindHead() {
  const SegmentName name = found_.segments.back();
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file, OpenSegment(name));
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  SegmentReader reader(std::move(file), found_.journal_id);
  reader.PassOverUnreadable();
  LOGBOOM_ASSIGN_OR_RETURN(SegmentScan scan, Scan(name, &reader, size));
  found_.next_offset = std::max(name.first_offset, scan.next_offset);
  found_.end = scan.end;
  found_.stopped_in_order = scan.stopped_in_order;
  LOGBOOM_RETURN_IF_ERROR(TakeTables(std::move(scan.tables)));
  if (mode_ == RecoveryMode::kReadOnly) return absl::OkStatus();
  return FinishNewest(name, &reader, size, scan.synced_end);
}

// Up to the last whole entry of a group that is not torn.
absl::StatusOr<SegmentScan> Recovery::Scan(const SegmentName& name,
                                           SegmentReader* reader,
                                           int64_t size) {
  const SegmentContext context{.synced_offset = last_read_};
  LOGBOOM_ASSIGN_OR_RETURN(SegmentScan scan,
                           ScanSegment(reader, size, context));
  if (const int64_t torn_from = TornFrom(scan); torn_from >= 0) {
    reader->SkipTo(kFirstEntryByte);
    LOGBOOM_ASSIGN_OR_RETURN(scan, ScanSegment(reader, torn_from, context));
  }
  for (const DamagedExtent& gap : scan.gaps) {
    if (mode_ == RecoveryMode::kReadOnly) break;
    Warn(name, absl::StrCat(gap.end - gap.begin, " damaged bytes at byte ",
                            gap.begin));
  }
  return scan;
}

// The newest segment's are whole when it begins with a whole snapshot; else
// older ones are read, back to one that does: replaced ones too, whose entries
// without records nobody replaced.
absl::Status Recovery::TakeTables(JournalTables tables) {
  found_.has_snapshot = tables.complete;
  for (size_t i = all_segments_.size() - 1; i > 0 && !tables.complete; --i) {
    Warn(all_segments_[i], "has no whole snapshot; the one before is read");
    LOGBOOM_ASSIGN_OR_RETURN(JournalTables older, ReadTables(i - 1));
    older.Follow(std::move(tables));
    tables = std::move(older);
  }
  found_.producers = std::move(tables.producers);
  found_.ledger = std::move(tables.ledger);
  return absl::OkStatus();
}

absl::StatusOr<JournalTables> Recovery::ReadTables(size_t index) {
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                           OpenSegment(all_segments_[index]));
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  SegmentReader reader(std::move(file), found_.journal_id);
  reader.PassOverUnreadable();
  SegmentContext context{.synced_offset = last_read_};
  for (size_t i = index + 1; i < all_segments_.size(); ++i) {
    context.replaced_from =
        std::min(context.replaced_from, all_segments_[i].first_offset);
  }
  LOGBOOM_ASSIGN_OR_RETURN(SegmentScan scan,
                           ScanSegment(&reader, size, context));
  return std::move(scan.tables);
}

absl::Status Recovery::FinishNewest(const SegmentName& name,
                                    SegmentReader* reader, int64_t size,
                                    int64_t durable_end) {
  const bool unreadable = reader->unreadable_bytes() > 0;
  reader->SkipTo(found_.end);
  LOGBOOM_ASSIGN_OR_RETURN(const bool clean, reader->OnlyZerosLeft(size));
  // A new segment goes on where this one cannot be trusted. Its tail is then
  // left for whoever wants to look.
  const bool goes_on =
      newest_has_header_ && !unreadable && found_.next_offset >= last_read_;
  if (!clean && goes_on) {
    LOGBOOM_RETURN_IF_ERROR(CutTail(name, &reader->file(), size));
  }
  LOGBOOM_RETURN_IF_ERROR(
      MakeDurable(&reader->file(), unreadable ? found_.end : durable_end));
  if (!goes_on) return absl::OkStatus();
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file, OpenSegment(name));
  found_.writer = std::make_unique<SegmentWriter>(
      std::move(file), name, found_.journal_id, found_.end, size);
  return absl::OkStatus();
}

// Whole does not mean durable: only the process may have died, and if a sync
// had failed before, the kernel takes what it did not write for clean. So it is
// written again; the segment's name may be new as well.
absl::Status Recovery::MakeDurable(File* file, int64_t from) {
  if (from < found_.end) {
    std::string bytes(static_cast<size_t>(found_.end - from), '\0');
    LOGBOOM_ASSIGN_OR_RETURN(
        const size_t size,
        file->ReadAt(from, absl::MakeSpan(bytes.data(), bytes.size())));
    LOGBOOM_RETURN_IF_ERROR(
        file->WriteAt(from, {absl::string_view(bytes.data(), size)}));
  }
  LOGBOOM_RETURN_IF_ERROR(file->Sync());
  return files_.SyncFolder(folder_);
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

// No offset is given out twice.
void Recovery::GoBehindWhatWasRead() {
  if (found_.next_offset >= last_read_) return;
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("journal ", folder_,
                        ": the last record found is before ", "offset ",
                        found_.next_offset, ", but a handler has read up to ",
                        last_read_, "; what lay between is lost"));
  found_.next_offset = last_read_;
  found_.writer.reset();
}

}  // namespace

absl::StatusOr<RecoveredJournal> RecoverJournal(FileSystem* files,
                                                absl::string_view folder,
                                                RecoveryMode mode) {
  return Recovery(files, folder, mode).Run();
}

}  // namespace logboom
