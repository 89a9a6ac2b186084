#include "server/journal/folder_lock.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/journal/segment_name.h"

namespace logboom {
namespace {

constexpr absl::string_view kLockName = "LOCK";

}  // namespace

absl::Status CheckIsJournal(FileSystem* files, absl::string_view folder) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                           files->List(folder));
  const bool is_journal =
      std::any_of(names.begin(), names.end(), [](const std::string& name) {
        return name == kLockName || ParseSegmentName(name).has_value();
      });
  if (is_journal) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("no journal in ", folder));
}

absl::StatusOr<std::unique_ptr<File>> LockJournalFolder(
    FileSystem* files, absl::string_view folder) {
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                           files->Open(absl::StrCat(folder, "/", kLockName),
                                       FileSystem::Mode::kOpenOrCreate));
  LOGBOOM_RETURN_IF_ERROR(file->Lock());
  return file;
}

}  // namespace logboom
