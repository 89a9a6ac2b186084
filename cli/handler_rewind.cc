// `logboom handler rewind NAME --to OFFSET|TIME`

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/exit_codes.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/rewind_target.h"
#include "server/config/config_loader.h"
#include "server/journal/rewind.h"

namespace logboom {
namespace {

constexpr char kFooter[] =
    "The server must be stopped. Records from there on are written again, at "
    "the output's end:\nnothing that is in it is cut off. Forwards, the "
    "records "
    "between are left out. Both are\ncounted: `logboom journal stats DIR`.\n\n"
    "TO is a record's offset (`logboom journal dump DIR`), beginning, head, a "
    "time, for the first\nrecord received at or after it (RFC 3339, or "
    "YYYY-MM-DD[ HH:MM[:SS]] in UTC), or how long\nago (10m, 2h, 7d).\n\n"
    "Examples:\n  logboom handler rewind errors --to 2h\n"
    "  logboom handler rewind errors --to '2024-05-01 12:00' --config "
    "logboomd.yaml\n"
    "  logboom handler rewind slow --to head --journal /var/lib/logboom\n";

struct RewindOptions {
  std::string handler;
  std::string to;
  std::string journal;
  std::string config;
};

// The journal's folder as the server finds it. Errors: the configuration's.
absl::StatusOr<std::string> FolderOf(const RewindOptions& options) {
  if (!options.journal.empty()) return options.journal;
  if (options.config.empty()) return DefaultConfig().journal.path;
  const absl::StatusOr<Config> config = LoadConfigFile(options.config);
  if (!config.ok()) return config.status();
  return config->journal.path;
}

std::string Consequence(const Rewind& rewind) {
  if (rewind.to == rewind.from) {
    return absl::StrCat("is at record ", rewind.to, " already");
  }
  std::string text = absl::StrCat("from record ", rewind.from);
  if (rewind.to < rewind.from) {
    absl::StrAppend(
        &text, " back to ", rewind.to, "; ",
        Counted(static_cast<int64_t>(rewind.from - rewind.to), "record"),
        " will be written again");
  } else {
    absl::StrAppend(&text, " forward to ", rewind.to, "; ",
                    Counted(static_cast<int64_t>(rewind.to - rewind.from -
                                                 rewind.overtaken),
                            "record"),
                    " will be left out");
  }
  if (rewind.overtaken > 0) {
    absl::StrAppend(&text, ", ",
                    Counted(static_cast<int64_t>(rewind.overtaken), "record"),
                    " had been deleted by retention");
  }
  if (rewind.to == rewind.oldest && rewind.oldest > 0) {
    absl::StrAppend(&text, " (", rewind.oldest, " is the oldest kept)");
  }
  return text;
}

int RunRewind(const RewindOptions& options) {
  const absl::StatusOr<std::string> folder = FolderOf(options);
  if (!folder.ok()) {
    PrintErrorLines(folder.status().message());
    return kExitFailed;
  }
  const absl::StatusOr<Rewind> rewind =
      RewindHandler(SystemFiles(), *folder, options.handler,
                    *ParseRewindTarget(options.to, absl::Now()));
  if (!rewind.ok()) {
    PrintError(rewind.status().message());
    return kExitFailed;
  }
  PrintLine(
      absl::StrCat("handler ", options.handler, ": ", Consequence(*rewind)));
  if (rewind->maybe_written > rewind->from && rewind->to != rewind->from) {
    PrintError(absl::StrCat(
        "the server ended while it wrote: records from ", rewind->from,
        " up to ", rewind->maybe_written - 1,
        " may be in the output already, the last of them in part"));
  }
  return kExitDone;
}

std::string CheckTarget(const std::string& text) {
  return std::string(ParseRewindTarget(text, absl::Now()).status().message());
}

void AddRewindCommand(CLI::App& handler, int& exit_code) {
  auto options = std::make_shared<RewindOptions>();
  CLI::App* command = handler.add_subcommand(
      "rewind", "Move a handler's place in the journal, back or forward");
  command->footer(kFooter);
  command->add_option("name", options->handler, "The handler's name")
      ->required();
  command->add_option("--to", options->to, "Where it shall go on")
      ->required()
      ->check(CheckTarget);
  CLI::Option* journal = command->add_option(
      "--journal", options->journal,
      "The journal's folder; without it the configuration's, without that the "
      "default one");
  command
      ->add_option("--config,-c", options->config,
                   "The server's configuration file")
      ->excludes(journal);
  command->callback([options, &exit_code] { exit_code = RunRewind(*options); });
}

}  // namespace

void AddHandlerCommand(CLI::App& app, int& exit_code) {
  CLI::App* handler =
      app.add_subcommand("handler", "Move a handler's place in the journal");
  handler->require_subcommand(1);
  AddRewindCommand(*handler, exit_code);
}

}  // namespace logboom
