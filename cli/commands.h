#ifndef LOGBOOM_CLI_COMMANDS_H_
#define LOGBOOM_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>

namespace logboom {

// Each adds its command to `app`. When the command line picks it, it runs and
// leaves its exit code in `exit_code`. Both must outlive the parsing. A command
// says on stderr why it failed.
void AddSendCommand(CLI::App& app, int& exit_code);
void AddHealthCommand(CLI::App& app, int& exit_code);
void AddCheckCommand(CLI::App& app, int& exit_code);
void AddJournalCommand(CLI::App& app, int& exit_code);
void AddHandlerCommand(CLI::App& app, int& exit_code);
void AddLevelCommand(CLI::App& app, int& exit_code);
void AddLoggersCommand(CLI::App& app, int& exit_code);

// The commands of `logboom journal`.
void AddJournalDumpCommand(CLI::App& journal, int& exit_code);
void AddJournalStatsCommand(CLI::App& journal, int& exit_code);

}  // namespace logboom

#endif  // LOGBOOM_CLI_COMMANDS_H_
