// `logboom journal stats DIR`

#include "server/journal/journal_stats.h"

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "base/exit_codes.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/record_json.h"
#include "cli/stats_json.h"
#include "cli/stats_report.h"
#include "cli/stats_text.h"

namespace logboom {
namespace {

constexpr char kFooter[] =
    "Changes nothing and takes no lock. While a server runs on the folder this "
    "is a moment's\npicture: a handler's place is up to a second old.\n\n"
    "  received = stored + rejected + lost\n"
    "      Since the journal began. A frame or batch that could not be read "
    "counts as one. What was\n      lost before it came is listed apart.\n"
    "  stored = handled + filtered + pending + lost (+ skipped - replayed)\n"
    "      For each handler. filtered: not for it; pending: still to come; "
    "lost: "
    "where the journal is\n      damaged, or deleted by retention before the "
    "handler came to it; skipped: before its start,\n      or left out by a "
    "rewind; replayed: handled once more because of one.\n\n"
    "Exit code 1 when a balance does not close or, with --verify, when a "
    "record is missing.\n\nExamples:\n  logboom journal stats ./logboom-data\n"
    "  logboom journal stats --json ./logboom-data | jq .handlers\n";

struct StatsOptions {
  std::string folder;
  bool json = false;
  bool verify = false;
};

absl::StatusOr<StatsReport> ReadReport(const StatsOptions& options) {
  StatsReport report = {.folder = options.folder};
  auto stats = ReadJournalStats(SystemFiles(), options.folder);
  if (!stats.ok()) return stats.status();
  report.stats = *std::move(stats);
  if (options.verify) {
    auto verification = VerifyJournal(SystemFiles(), options.folder);
    if (!verification.ok()) return verification.status();
    report.verification = *std::move(verification);
  }
  return report;
}

int RunStats(const StatsOptions& options) {
  const absl::StatusOr<StatsReport> report = ReadReport(options);
  if (!report.ok()) {
    PrintError(report.status().message());
    return kExitFailed;
  }
  if (options.json) {
    PrintLine(JsonText(StatsJson(*report)));
  } else {
    PrintStats(*report);
  }
  return report->all_is_well() ? kExitDone : kExitFailed;
}

}  // namespace

void AddJournalStatsCommand(CLI::App& journal, int& exit_code) {
  auto options = std::make_shared<StatsOptions>();
  CLI::App* stats = journal.add_subcommand(
      "stats", "Say what a journal holds and what became of every record");
  stats->footer(kFooter);
  stats->add_option("folder", options->folder, "The journal's folder")
      ->required();
  stats->add_flag("--json", options->json, "One JSON object");
  stats->add_flag("--verify", options->verify,
                  "Read the whole journal and check that every record is "
                  "there");
  stats->callback([options, &exit_code] { exit_code = RunStats(*options); });
}

}  // namespace logboom
