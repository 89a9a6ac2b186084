#include "server/config/config_loader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "server/config/config_value.h"
#include "server/config/dict_config.h"
#include "server/config/listen_config.h"
#include "server/config/service_config.h"
#include "server/config/yaml_reader.h"

namespace logboom {
namespace {

LoggingOptions DefaultLogging() {
  HandlerOptions console;
  console.name = "console";
  console.stream = HandlerOptions::Stream::kStdout;
  console.formatter.format =
      "%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s";
  LoggingOptions logging;
  logging.handlers.push_back(console);
  logging.root.level = 0;
  logging.root.handlers = {0};
  return logging;
}

// A section of ours with nothing in it takes its defaults; null is what is left
// of a section all of whose lines are comments.
const ConfigValue* Section(const ConfigMap& map, absl::string_view key) {
  const ConfigValue* value = map.Get(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Config LoadDocument(const ConfigValue& document) {
  Config config = DefaultConfig();
  const ConfigMap map(document, {"listen", "tcp", "journal", "limits",
                                 "apply_logger_levels", "handlers", "logging"});
  if (const auto* value = Section(map, "listen")) {
    LoadListen(*value, &config.listen);
  }
  if (const auto* value = Section(map, "tcp")) LoadTcp(*value, &config.ingest);
  if (const auto* value = Section(map, "journal")) {
    LoadJournal(*value, &config.journal);
  }
  if (const auto* value = Section(map, "limits")) {
    LoadLimits(*value, &config.ingest);
  }
  if (const auto* value = map.Get("logging")) {
    config.logging = LoadDictConfig(*value);
  }
  if (const auto* value = map.Get("apply_logger_levels")) {
    config.logging.apply_logger_levels = value->Bool().value_or(false);
  }
  if (const auto* value = Section(map, "handlers")) {
    LoadHandlerStarts(*value, &config.logging.handlers);
  }
  return config;
}

absl::Status CannotRead(absl::string_view path, int error) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": cannot be read: ", std::strerror(error)));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return CannotRead(path, errno);
  std::string text;
  char buffer[1 << 16];
  // One byte past the limit is enough to be refused.
  while (static_cast<int64_t>(text.size()) <= kMaxYamlBytes) {
    const ssize_t n = read(fd.get(), buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return CannotRead(path, errno);
    if (n == 0) break;
    text.append(buffer, static_cast<size_t>(n));
  }
  return text;
}

}  // namespace

Config DefaultConfig() {
  Config config;
  config.logging = DefaultLogging();
  return config;
}

absl::StatusOr<Config> ParseConfig(absl::string_view text,
                                   absl::string_view file_name) {
  const absl::StatusOr<YamlNode> document = ReadYaml(text);
  if (!document.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file_name, ":", document.status().message()));
  }
  if (document->kind == YamlNode::Kind::kNull) return DefaultConfig();
  ErrorList errors(file_name);
  Config config = LoadDocument(ConfigValue(&*document, "", &errors));
  if (!errors.empty()) return absl::InvalidArgumentError(errors.ToString());
  return config;
}

absl::StatusOr<Config> LoadConfigFile(absl::string_view path) {
  const absl::StatusOr<std::string> text = ReadFile(std::string(path));
  if (!text.ok()) return text.status();
  return ParseConfig(*text, path);
}

}  // namespace logboom
