// Any bytes as a configuration file: the YAML reader and the whole loader. What
// is refused is refused by lines that each name the file, what is accepted can
// be served with.
#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/config/config_loader.h"
#include "tests/fuzz/fuzz_checks.h"

namespace {

using logboom::Require;

void CheckReferences(const logboom::LoggingOptions& logging) {
  const int handlers = static_cast<int>(logging.handlers.size());
  for (const int index : logging.root.handlers) {
    Require(index >= 0 && index < handlers);
  }
  for (const auto& logger : logging.loggers) {
    Require(!logger.name.empty() && logger.name != "root");
    for (const int index : logger.handlers) {
      Require(index >= 0 && index < handlers);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = logboom::ParseConfig(text, "fuzz.yaml");
  if (config.ok()) {
    CheckReferences(config->logging);
    Require(config->ingest.batch_bytes <= config->ingest.ingest_bytes);
    Require(config->ingest.frame_bytes <= config->ingest.tcp_buffer_bytes);
    return 0;
  }
  for (const absl::string_view line :
       absl::StrSplit(config.status().message(), '\n')) {
    Require(absl::StartsWith(line, "fuzz.yaml:"));
  }
  return 0;
}
