#include "tests/bench/commit_groups.h"

#include <memory>

#include "base/status_macros.h"
#include "server/journal/file_system.h"
#include "server/journal/journal.h"

namespace logboom {

absl::StatusOr<CommitGroups> ReadCommitGroups(const std::string& folder) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<JournalReader> reader,
                           OpenJournalForReading(SystemFiles(), folder,
                                                 EntrySelection::kWithRecords));
  CommitGroups found;
  uint64_t synced_end = 0;
  while (true) {
    const absl::StatusOr<JournalEntry> entry = reader->Next();
    if (absl::IsOutOfRange(entry.status())) return found;
    if (!entry.ok()) return entry.status();
    if (entry->header.synced_end != synced_end) ++found.groups;
    synced_end = entry->header.synced_end;
    found.records += entry->header.record_count;
    found.bytes += entry->header.entry_bytes();
  }
}

}  // namespace logboom
