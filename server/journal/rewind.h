#ifndef LOGBOOM_SERVER_JOURNAL_REWIND_H_
#define LOGBOOM_SERVER_JOURNAL_REWIND_H_

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/cursor.h"
#include "server/journal/file_system.h"

namespace logboom {

enum class JournalEdge { kBeginning, kHead };

// Where a handler shall go on: at a record, at the first one received at or
// after a time, at the oldest one kept or behind the last one.
using RewindTarget = std::variant<Offset, absl::Time, JournalEdge>;

// What a rewind has done.
struct Rewind {
  Offset from = 0;
  Offset to = 0;
  Offset oldest = 0;  // kept
  Offset head = 0;
  // Moved forwards: of the records between, those that retention had deleted.
  uint64_t overtaken = 0;
  // Above `from` when the handler's process ended while it wrote: the records
  // between may be in its output already, the last one in part.
  Offset maybe_written = 0;
};

// Moves the cursor of the handler `name`, in the journal's folder that no
// server has open. Records to be passed again count as replayed, those left out
// as skipped, or as overtaken by retention. The handler will append at its
// output's end, whatever that is: nothing is cut off.
// Errors: NOT_FOUND, no journal, or no such cursor in it (with those there
// are); OUT_OF_RANGE, a record that is no longer or not yet kept;
// FAILED_PRECONDITION, a server has the folder; those of the file system.
absl::StatusOr<Rewind> RewindHandler(FileSystem* files,
                                     const std::string& folder,
                                     const std::string& name,
                                     const RewindTarget& target);

// `position` moved to `to` in a journal that keeps records from `oldest` on.
// Pure.
CursorPosition Moved(CursorPosition position, Offset to, Offset oldest);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_REWIND_H_
