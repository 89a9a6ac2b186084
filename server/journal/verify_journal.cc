#include "server/journal/verify_journal.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "server/journal/folder_lock.h"
#include "server/journal/journal.h"
#include "server/journal/journal_head.h"
#include "server/journal/journal_reader.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_name.h"
#include "server/journal/segment_reader.h"

namespace logboom {
namespace {

// More than a reader needs to take what cannot be read for damaged.
constexpr int kTries = 100;

absl::StatusOr<JournalEntry> NextEntry(JournalReader* reader) {
  absl::StatusOr<JournalEntry> entry = reader->Next();
  for (int i = 1; i < kTries && absl::IsUnavailable(entry.status()); ++i) {
    entry = reader->Next();
  }
  return entry;
}

absl::StatusOr<JournalVerification> ReadAll(FileSystem* files,
                                            absl::string_view folder,
                                            const RecoveredJournal& journal) {
  FolderReader reader(files, std::string(folder), journal.journal_id,
                      std::make_shared<JournalHead>(
                          journal.segments, journal.next_offset, journal.end),
                      /*from=*/0, EntrySelection::kWithRecords);
  Offset next = reader.offset();
  JournalVerification found{.expected = {next, next}};
  while (true) {
    const absl::StatusOr<JournalEntry> entry = NextEntry(&reader);
    const bool at_end = absl::IsOutOfRange(entry.status());
    if (!at_end) LOGBOOM_RETURN_IF_ERROR(entry.status());
    const Offset begin = at_end ? reader.offset() : entry->header.first_offset;
    if (begin > next) found.missing.push_back({next, begin});
    next = reader.offset();
    if (at_end) break;
  }
  found.expected.end = next;
  return found;
}

// A damaged last entry cannot be told from one that was never whole.
absl::Status LookAtTail(FileSystem* files, absl::string_view folder,
                        const RecoveredJournal& journal) {
  const SegmentName& newest = journal.segments.back();
  LOGBOOM_ASSIGN_OR_RETURN(
      std::unique_ptr<File> file,
      files->Open(newest.PathIn(folder), FileSystem::Mode::kRead));
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  SegmentReader reader(std::move(file), journal.journal_id);
  reader.PassOverUnreadable();
  reader.SkipTo(journal.end);
  LOGBOOM_ASSIGN_OR_RETURN(const SegmentItem item, reader.Next(size));
  // A server has gone on meanwhile.
  if (std::holds_alternative<JournalEntry>(item)) return absl::OkStatus();
  reader.SkipTo(journal.end);
  LOGBOOM_ASSIGN_OR_RETURN(const bool clean, reader.OnlyZerosLeft(size));
  if (clean) return absl::OkStatus();
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("journal: segment ", newest.FileName(), ": from byte ",
                        journal.end,
                        " on, behind its last whole entry, is a write that "
                        "was torn or is under way, or damage"));
  return absl::OkStatus();
}

// Takes what is before `oldest` out of what is expected and missing.
void ForgetBefore(Offset oldest, JournalVerification* found) {
  found->expected.begin = std::max(found->expected.begin, oldest);
  auto& missing = found->missing;
  for (OffsetRange& range : missing) {
    range.begin = std::max(range.begin, oldest);
  }
  missing.erase(std::remove_if(missing.begin(), missing.end(),
                               [](const OffsetRange& range) {
                                 return range.begin >= range.end;
                               }),
                missing.end());
}

}  // namespace

uint64_t JournalVerification::missing_records() const {
  uint64_t records = 0;
  for (const OffsetRange& range : missing) records += range.end - range.begin;
  return records;
}

absl::StatusOr<JournalVerification> VerifyJournal(FileSystem* files,
                                                  absl::string_view folder) {
  LOGBOOM_RETURN_IF_ERROR(CheckIsJournal(files, folder));
  LOGBOOM_ASSIGN_OR_RETURN(
      const RecoveredJournal journal,
      RecoverJournal(files, folder, RecoveryMode::kReadOnly));
  LOGBOOM_ASSIGN_OR_RETURN(JournalVerification found,
                           ReadAll(files, folder, journal));
  if (!journal.segments.empty()) {
    LOGBOOM_RETURN_IF_ERROR(LookAtTail(files, folder, journal));
  }
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<SegmentName> segments,
                           ListSegments(files, folder));
  if (!segments.empty()) ForgetBefore(segments.front().first_offset, &found);
  return found;
}

}  // namespace logboom
