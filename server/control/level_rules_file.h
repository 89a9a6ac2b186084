#ifndef LOGBOOM_SERVER_CONTROL_LEVEL_RULES_FILE_H_
#define LOGBOOM_SERVER_CONTROL_LEVEL_RULES_FILE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/control/level_rules.h"
#include "server/journal/file_system.h"

namespace logboom {

// The bytes of the file `levels` (proto/FORMAT.md). Pure.
std::string EncodeLevelRules(const LevelRules& rules);
// Errors: DATA_LOSS, saying what is wrong with them.
absl::StatusOr<LevelRules> DecodeLevelRules(absl::string_view bytes);

// The file `levels` in the journal's folder, where the rules outlive the
// server. It is replaced whole, so that there is always an old or a new one.
// Not thread-safe.
class LevelRulesFile {
 public:
  // `files` must outlive it; the folder exists and is this process's own.
  LevelRulesFile(FileSystem* files, absl::string_view folder);

  // Nullopt: there is no file, because no level was ever set. A file that
  // cannot be read is reported and gives no rules.
  std::optional<LevelRules> Load() const;

  // Errors: those of the file system; the file is as it was, but for a failure
  // of the very last step, after which either may be found.
  absl::Status Store(const LevelRules& rules);

 private:
  absl::Status WriteNew(absl::string_view bytes);

  FileSystem& files_;
  const std::string folder_;
  const std::string path_;
  const std::string new_path_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_LEVEL_RULES_FILE_H_
