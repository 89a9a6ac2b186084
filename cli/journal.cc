// `logboom journal`

#include "cli/commands.h"

namespace logboom {

void AddJournalCommand(CLI::App& app, int& exit_code) {
  CLI::App* journal = app.add_subcommand("journal", "Look into a journal");
  journal->require_subcommand(1);
  AddJournalDumpCommand(*journal, exit_code);
  AddJournalStatsCommand(*journal, exit_code);
}

}  // namespace logboom
