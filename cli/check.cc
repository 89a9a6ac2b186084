// `logboom check FILE`

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/exit_codes.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "server/config/config_loader.h"

namespace logboom {
namespace {

// The server's own code: what passes here starts there. Its errors stand alone
// on their lines, as compilers print them, so that editors find the place.
int RunCheck(const std::string& file) {
  const absl::StatusOr<Config> config = LoadConfigFile(file);
  if (!config.ok()) {
    PrintErrorLines(config.status().message());
    return kExitFailed;
  }
  PrintLine(absl::StrCat(file, ": ", Styled("ok", Style::kGood)));
  return kExitDone;
}

}  // namespace

void AddCheckCommand(CLI::App& app, int& exit_code) {
  auto file = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("check", "Check a configuration file, all of it");
  command->footer(
      "Prints FILE: ok, or every error as file:line:col: key.path: what is "
      "wrong.\n\nExample:\n  logboom check logboomd.yaml\n");
  command->add_option("file", *file, "The file, YAML or JSON")->required();
  command->callback([file, &exit_code] { exit_code = RunCheck(*file); });
}

}  // namespace logboom
