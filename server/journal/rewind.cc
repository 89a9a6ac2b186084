#include "server/journal/rewind.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/folder_lock.h"
#include "server/journal/offset_at_time.h"
#include "server/journal/recovery.h"

namespace logboom {
namespace {

Offset OldestOf(const RecoveredJournal& journal) {
  return journal.segments.empty() ? journal.next_offset
                                  : journal.segments.front().first_offset;
}

absl::Status NoSuchCursor(const std::string& name,
                          const std::vector<std::string>& names) {
  const std::string there_are =
      names.empty()
          ? "no handler has one yet"
          : absl::StrCat("those that have one: ", absl::StrJoin(names, ", "));
  return absl::NotFoundError(absl::StrCat(
      "handler ", name, " has no place in the journal; ", there_are));
}

// The folder's lock, with an error that says what to do.
absl::StatusOr<std::unique_ptr<File>> LockFolder(FileSystem* files,
                                                 const std::string& folder) {
  auto lock = LockJournalFolder(files, folder);
  if (!absl::IsAborted(lock.status())) return lock;
  return absl::FailedPreconditionError(absl::StrCat(
      "journal folder ", folder, " is in use by a server: stop it first"));
}

absl::StatusOr<Offset> Resolve(FileSystem* files, const std::string& folder,
                               const RecoveredJournal& journal,
                               const RewindTarget& target) {
  const Offset oldest = OldestOf(journal);
  const Offset head = journal.next_offset;
  if (const auto* time = std::get_if<absl::Time>(&target)) {
    return OffsetAtTime(files, folder, journal, *time);
  }
  if (const auto* edge = std::get_if<JournalEdge>(&target)) {
    return *edge == JournalEdge::kBeginning ? oldest : head;
  }
  const Offset to = std::get<Offset>(target);
  if (to < oldest) {
    return absl::OutOfRangeError(absl::StrCat(
        "record ", to, " is no longer kept: the oldest is ", oldest));
  }
  if (to > head) {
    return absl::OutOfRangeError(absl::StrCat(
        "there is no record ", to, " yet: the next one will be ", head));
  }
  return to;
}

// The cursor of a handler that has one.
absl::StatusOr<std::unique_ptr<Cursor>> TakeCursor(CursorFolder* cursors,
                                                   const std::string& name) {
  const std::vector<std::string> names = cursors->NotTaken();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    return NoSuchCursor(name, names);
  }
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<Cursor> cursor, cursors->Take(name));
  if (!cursor->stored()) return NoSuchCursor(name, names);
  return cursor;
}

absl::StatusOr<Rewind> MoveCursor(const RecoveredJournal& journal, Offset to,
                                  Cursor* cursor) {
  const auto& mark = cursor->mark();
  const CursorPosition& from = mark ? mark->before : *cursor->stored();
  Rewind rewind = {.from = from.offset,
                   .to = to,
                   .oldest = OldestOf(journal),
                   .head = journal.next_offset};
  if (mark) rewind.maybe_written = mark->after.offset;
  if (to == from.offset) return rewind;
  const CursorPosition moved = Moved(from, to, rewind.oldest);
  rewind.overtaken =
      moved.counts.retention_overtook - from.counts.retention_overtook;
  LOGBOOM_RETURN_IF_ERROR(cursor->Store(moved));
  return rewind;
}

}  // namespace

CursorPosition Moved(CursorPosition position, Offset to, Offset oldest) {
  const Offset from = position.offset;
  HandlerCounts& counts = position.counts;
  if (to < from) {
    counts.replayed += from - to;
  } else {
    const Offset kept_from = std::clamp(oldest, from, to);
    counts.retention_overtook += kept_from - from;
    counts.skipped += to - kept_from;
  }
  position.offset = to;
  position.output = {};
  return position;
}

absl::StatusOr<Rewind> RewindHandler(FileSystem* files,
                                     const std::string& folder,
                                     const std::string& name,
                                     const RewindTarget& target) {
  LOGBOOM_RETURN_IF_ERROR(CheckIsJournal(files, folder));
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<File> lock,
                           LockFolder(files, folder));
  // As the server will: a cursor must not be beyond what is durable.
  LOGBOOM_ASSIGN_OR_RETURN(
      const RecoveredJournal journal,
      RecoverJournal(files, folder, RecoveryMode::kRepair));
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<CursorFolder> cursors,
      CursorFolder::Open(files, folder, journal.journal_id));
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<Cursor> cursor,
                           TakeCursor(cursors.get(), name));
  LOGBOOM_ASSIGN_OR_RETURN(const Offset to,
                           Resolve(files, folder, journal, target));
  return MoveCursor(journal, to, cursor.get());
}

}  // namespace logboom
