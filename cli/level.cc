// `logboom level set|reset|list`

#include "proto/wire/level.h"

#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/exit_codes.h"
#include "base/proto_time.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/control_call.h"
#include "cli/level_text.h"
#include "cli/output.h"
#include "cli/record_json.h"
#include "cli/table.h"
#include "logboom/v1/control.pb.h"

namespace logboom {
namespace {

// How long `set` and `reset` wait for the producers to confirm.
constexpr absl::Duration kConfirmationWait = absl::Seconds(1);
constexpr absl::Duration kConfirmationPause = absl::Milliseconds(20);

constexpr char kSetFooter[] =
    "NAME is a logger (shop.cart), or root. LEVEL is DEBUG, INFO, WARNING, "
    "ERROR, CRITICAL, NOTSET\n(inherit, whatever the program has set) or a "
    "number on Python's scale. Loggers below NAME that\nhave no level of their "
    "own get it too. Programs that connect later are told as well, and the\n"
    "server keeps it when it is started again.\n\n"
    "Examples:\n  logboom level set shop.cart DEBUG --for 10m\n"
    "  logboom level set root WARNING --service billing\n";
constexpr char kListFooter[] =
    "First the levels that are set, then the programs that are connected, and "
    "whether each has said\nthat its newest levels count there. A rule for a "
    "service counts there instead of the one for all.\n\n"
    "Examples:\n  logboom level list\n  logboom level list --json | jq "
    ".producers\n";

struct LevelOptions {
  ServerOptions server;
  std::string logger;
  std::string level;
  std::string duration;
  std::string service;
  bool json = false;
};

absl::StatusOr<v1::ListLevelsResponse> ListLevels(const LevelOptions& options) {
  v1::ListLevelsRequest request;
  request.set_service(options.service);
  return CallControl<v1::ListLevelsResponse>(options.server, "ListLevels",
                                             request);
}

// Asks until all have confirmed, or time is over.
absl::StatusOr<v1::ListLevelsResponse> WaitForConfirmations(
    const LevelOptions& options) {
  const absl::Time deadline = absl::Now() + kConfirmationWait;
  while (true) {
    auto levels = ListLevels(options);
    if (!levels.ok() || AllConfirmed(*levels) || absl::Now() >= deadline) {
      return levels;
    }
    absl::SleepFor(kConfirmationPause);
  }
}

int ReportChange(const LevelOptions& options, absl::string_view what) {
  const auto levels = WaitForConfirmations(options);
  PrintLine(absl::StrCat(
      options.logger.empty() ? "root" : Printable(options.logger), " ", what,
      options.service.empty()
          ? ""
          : absl::StrCat(" in service ", Printable(options.service)),
      "; ",
      levels.ok() ? ConfirmationText(*levels)
                  : std::string("who has confirmed is not known")));
  return kExitDone;
}

int RunSet(const LevelOptions& options) {
  v1::SetLevelRequest request;
  request.set_logger(options.logger);
  request.set_levelno(*ParseLevel(options.level));
  request.set_service(options.service);
  std::string what = absl::StrCat("is ", LevelName(request.levelno()));
  if (!options.duration.empty()) {
    SetProtoDuration(*ParseDuration(options.duration),
                     request.mutable_expires_in());
    absl::StrAppend(&what, " for ", options.duration);
  }
  const auto done =
      CallControl<v1::SetLevelResponse>(options.server, "SetLevel", request);
  if (!done.ok()) return ReportFailedCall(options.server, done.status());
  return ReportChange(options, what);
}

int RunReset(const LevelOptions& options) {
  v1::ResetLevelRequest request;
  request.set_logger(options.logger);
  request.set_service(options.service);
  const auto done = CallControl<v1::ResetLevelResponse>(options.server,
                                                        "ResetLevel", request);
  if (!done.ok()) return ReportFailedCall(options.server, done.status());
  return ReportChange(options, "is reset");
}

int RunList(const LevelOptions& options) {
  const auto levels = ListLevels(options);
  if (!levels.ok()) return ReportFailedCall(options.server, levels.status());
  if (options.json) {
    PrintLine(JsonText(LevelsJson(*levels)));
  } else {
    PrintLevels(*levels);
  }
  return kExitDone;
}

std::string CheckLevel(const std::string& text) {
  if (ParseLevel(text)) return "";
  return absl::StrCat("unknown level '", text,
                      "'; accepted: ", kAcceptedLevels);
}

std::string CheckFor(const std::string& text) {
  const auto duration = ParseDuration(text);
  if (!duration.ok()) return std::string(duration.status().message());
  if (*duration == absl::ZeroDuration()) {
    return absl::StrCat("'", text,
                        "' is no time at all; accepted: 500ms, 10m "
                        "and the like");
  }
  return "";
}

using Options = std::shared_ptr<LevelOptions>;

void AddCommon(CLI::App* command, const Options& options,
               const std::string& service_help) {
  command->add_option("--service", options->service, service_help);
  AddServerOptions(command, &options->server);
}

void AddSet(CLI::App* level, int& exit_code) {
  auto options = std::make_shared<LevelOptions>();
  CLI::App* command = level->add_subcommand(
      "set", "Set a logger's level in the programs that log to a server");
  command->footer(kSetFooter);
  command->add_option("name", options->logger, "The logger")->required();
  command->add_option("level", options->level, "Its level")
      ->required()
      ->check(CheckLevel);
  command
      ->add_option("--for", options->duration,
                   "How long (30s, 10m, 2h); without it until it is reset")
      ->check(CheckFor);
  AddCommon(command, options,
            "Only in programs with this service.name; without it in all");
  command->callback([options, &exit_code] { exit_code = RunSet(*options); });
}

void AddReset(CLI::App* level, int& exit_code) {
  auto options = std::make_shared<LevelOptions>();
  CLI::App* command = level->add_subcommand(
      "reset", "Take a level back: programs have their own again");
  command->footer(
      "Examples:\n  logboom level reset shop.cart\n  logboom level reset root "
      "--service billing\n");
  command->add_option("name", options->logger, "The logger")->required();
  AddCommon(command, options,
            "The service the level was set for; without it the one for all");
  command->callback([options, &exit_code] { exit_code = RunReset(*options); });
}

void AddList(CLI::App* level, int& exit_code) {
  auto options = std::make_shared<LevelOptions>();
  CLI::App* command = level->add_subcommand(
      "list", "Show the levels that are set, and who has heard of them");
  command->footer(kListFooter);
  command->add_flag("--json", options->json, "One JSON object");
  AddCommon(command, options, "Only the programs with this service.name");
  command->callback([options, &exit_code] { exit_code = RunList(*options); });
}

}  // namespace

void AddLevelCommand(CLI::App& app, int& exit_code) {
  CLI::App* level = app.add_subcommand(
      "level", "Set the levels of running programs' loggers");
  level->require_subcommand(1);
  AddSet(level, exit_code);
  AddReset(level, exit_code);
  AddList(level, exit_code);
}

}  // namespace logboom
