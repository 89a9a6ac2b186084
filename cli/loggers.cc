// `logboom loggers`

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "base/exit_codes.h"
#include "base/proto_time.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/control_call.h"
#include "cli/level_text.h"
#include "cli/output.h"
#include "cli/record_json.h"
#include "logboom/v1/control.pb.h"

namespace logboom {
namespace {

constexpr char kFooter[] =
    "Looks at the newest part of the server's journal, about 64 MiB at most; "
    "10,000 loggers are\ncounted one by one, the records of further ones "
    "together. `last` is when the server received\nthe last record.\n\n"
    "Examples:\n  logboom loggers --last 10m\n"
    "  logboom loggers --service billing --json | jq .loggers\n";

struct LoggersOptions {
  ServerOptions server;
  std::string last;
  std::string service;
  bool json = false;
};

int RunLoggers(const LoggersOptions& options) {
  v1::ListLoggersRequest request;
  request.set_service(options.service);
  if (!options.last.empty()) {
    SetProtoDuration(*ParseDuration(options.last), request.mutable_last());
  }
  const auto loggers = CallControl<v1::ListLoggersResponse>(
      options.server, "ListLoggers", request);
  if (!loggers.ok()) return ReportFailedCall(options.server, loggers.status());
  if (options.json) {
    PrintLine(JsonText(LoggersJson(*loggers)));
  } else {
    PrintLoggers(*loggers);
  }
  return kExitDone;
}

}  // namespace

void AddLoggersCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<LoggersOptions>();
  CLI::App* command = app.add_subcommand(
      "loggers", "Show which loggers' records came in lately");
  command->footer(kFooter);
  command
      ->add_option("--last", options->last,
                   "Only records received since so long ago (10m, 2h)")
      ->check(CheckDurationText);
  command->add_option("--service", options->service,
                      "Only records of programs with this service.name");
  command->add_flag("--json", options->json, "One JSON object");
  AddServerOptions(command, &options->server);
  command->callback(
      [options, &exit_code] { exit_code = RunLoggers(*options); });
}

}  // namespace logboom
