// logboom: the command line of the logging service. One file a command.

#include <grpc/support/log.h>

#include <CLI/CLI.hpp>

#include "base/diagnostics.h"
#include "base/exit_codes.h"
#include "cli/commands.h"
#include "cli/output.h"

int main(int argc, char** argv) {
  logboom::SetDiagnosticsProgram("logboom");
  // What gRPC's library would log is in the statuses that commands report.
  gpr_set_log_function([](gpr_log_func_args*) {});

  CLI::App app{
      "Command line of the Logboom logging service.\n"
      "Exit codes: 0 done, 1 failed, 2 misused."};
  app.name("logboom");
  app.set_version_flag("--version", "logboom " LOGBOOM_VERSION);
  app.require_subcommand(1);
  int exit_code = logboom::kExitDone;
  logboom::AddSendCommand(app, exit_code);
  logboom::AddHealthCommand(app, exit_code);
  logboom::AddCheckCommand(app, exit_code);
  logboom::AddJournalCommand(app, exit_code);
  logboom::AddHandlerCommand(app, exit_code);
  logboom::AddLevelCommand(app, exit_code);
  logboom::AddLoggersCommand(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Prints help, the version or what is wrong; --help and --version give 0.
    return app.exit(error) == 0 ? logboom::kExitDone : logboom::kExitMisused;
  }
  return logboom::FlushOutput() ? exit_code : logboom::kExitFailed;
}
