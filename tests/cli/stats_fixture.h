#ifndef LOGBOOM_TESTS_CLI_STATS_FIXTURE_H_
#define LOGBOOM_TESTS_CLI_STATS_FIXTURE_H_

#include "cli/stats_report.h"

namespace logboom {

// A journal of which something of every kind is to be said; every balance
// closes.
inline StatsReport ReportOfAll() {
  StatsReport report = {.folder = "data"};
  JournalStats& stats = report.stats;
  stats.journal_id = {0xAB, 1};
  stats.segments = 3;
  stats.bytes = 402'653'184;
  stats.oldest = 100;
  stats.head = 1'000;
  stats.producers = 2;
  LedgerCounts ledger;
  ledger.Add("batch_rejected", 2);
  ledger.Add("frame_cut", 1);
  ledger.Add("tcp_buffer_full", 40);
  ledger.Add("lost_by_producer", 17);
  stats.ingest = BalanceOf(stats.head, ledger);
  stats.handlers = {
      BalanceOf("all", {.offset = 990, .counts = {.handled = 990}},
                stats.oldest, stats.head),
      BalanceOf(
          "err\n",
          {.offset = 90,
           .counts = {.handled = 8, .filtered = 80, .journal_damaged = 2}},
          stats.oldest, stats.head)};
  return report;
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_CLI_STATS_FIXTURE_H_
