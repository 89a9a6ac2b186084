#include "server/journal/offset_at_time.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "server/journal/journal_head.h"
#include "server/journal/journal_reader.h"
#include "server/journal/segment_name.h"

namespace logboom {
namespace {

absl::Time FromUnixNano(uint64_t nanos) {
  return absl::FromUnixNanos(static_cast<int64_t>(nanos));
}

absl::StatusOr<absl::Time> TimeOfCreation(FileSystem* files,
                                          const std::string& path) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<File> file,
                           files->Open(path, FileSystem::Mode::kRead));
  LOGBOOM_ASSIGN_OR_RETURN(const SegmentHeader header,
                           ReadSegmentHeader(file.get()));
  return FromUnixNano(header.created_unix_nano);
}

// 0: retention has deleted it, or it cannot be read.
int64_t SizeOf(FileSystem* files, const std::string& path) {
  const auto file = files->Open(path, FileSystem::Mode::kRead);
  return file.ok() ? (*file)->Size().value_or(0) : 0;
}

// The last segment begun before `time`: what is in older ones was received
// before it was begun. One whose header cannot be had says nothing.
SegmentName WrittenAt(FileSystem* files, absl::string_view folder,
                      const std::vector<SegmentName>& segments,
                      absl::Time time) {
  SegmentName found = segments.front();
  for (const SegmentName& segment : segments) {
    const absl::StatusOr<absl::Time> created =
        TimeOfCreation(files, segment.PathIn(folder));
    if (!created.ok()) continue;
    if (*created >= time) break;
    found = segment;
  }
  return found;
}

}  // namespace

absl::StatusOr<Offset> OffsetAtTime(FileSystem* files, absl::string_view folder,
                                    const RecoveredJournal& journal,
                                    absl::Time time) {
  if (journal.segments.empty()) return journal.next_offset;
  const Offset from =
      WrittenAt(files, folder, journal.segments, time).first_offset;
  const auto head = std::make_shared<JournalHead>(
      journal.segments, journal.next_offset, journal.end);
  FolderReader reader(files, std::string(folder), journal.journal_id, head,
                      from, EntrySelection::kWithRecords);
  while (true) {
    const absl::StatusOr<JournalEntry> entry = reader.Next();
    if (absl::IsOutOfRange(entry.status())) return journal.next_offset;
    LOGBOOM_RETURN_IF_ERROR(entry.status());
    if (FromUnixNano(entry->header.received_unix_nano) >= time) {
      return std::max(entry->header.first_offset, from);
    }
  }
}

Offset OffsetOfNewestBytes(FileSystem* files, absl::string_view folder,
                           const RecoveredJournal& journal, int64_t bytes) {
  Offset from = journal.next_offset;
  const std::vector<SegmentName>& segments = journal.segments;
  for (size_t i = segments.size(); i > 0 && bytes > 0; --i) {
    const SegmentName& segment = segments[i - 1];
    const int64_t size = i == segments.size()
                             ? journal.end
                             : SizeOf(files, segment.PathIn(folder));
    const auto records = static_cast<double>(from - segment.first_offset);
    if (size > bytes) {
      const double part =
          static_cast<double>(bytes) / static_cast<double>(size);
      return from - static_cast<Offset>(records * part);
    }
    from = segment.first_offset;
    bytes -= size;
  }
  return from;
}

}  // namespace logboom
