#ifndef LOGBOOM_SERVER_CONFIG_CONFIG_LOADER_H_
#define LOGBOOM_SERVER_CONFIG_CONFIG_LOADER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/config/config.h"

namespace logboom {

// What a server runs with that is given no file: Config{}, and one handler
// `console` on the root (level NOTSET) that writes every record to stdout in
// the logging cookbook's format.
Config DefaultConfig();

// Reads one configuration, YAML or JSON; keys that are missing take their
// defaults, an empty text is DefaultConfig(). A `logging` section replaces the
// default one as a whole. `file_name` stands in the errors.
// Errors: INVALID_ARGUMENT. The message is every error of the file, a line
// each, in file order: `file:line:col: key.path: what is wrong; what is
// accepted`.
absl::StatusOr<Config> ParseConfig(absl::string_view text,
                                   absl::string_view file_name);

// The same of a file.
// Errors: also FAILED_PRECONDITION, `file: cannot be read: ` and why.
absl::StatusOr<Config> LoadConfigFile(absl::string_view path);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_CONFIG_LOADER_H_
