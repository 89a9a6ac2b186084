#ifndef LOGBOOM_SERVER_JOURNAL_FOLDER_LOCK_H_
#define LOGBOOM_SERVER_JOURNAL_FOLDER_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/journal/file_system.h"

namespace logboom {

// OK when `folder` is a journal's: it has segments, or the file that its server
// locks. Changes nothing.
// Errors: NOT_FOUND, it is not; those of listing it.
absl::Status CheckIsJournal(FileSystem* files, absl::string_view folder);

// Takes a journal's folder, which exists, for this process until the file is
// closed.
// Errors: ABORTED, a server has it; those of the file system.
absl::StatusOr<std::unique_ptr<File>> LockJournalFolder(
    FileSystem* files, absl::string_view folder);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_FOLDER_LOCK_H_
