#include "cli/stats_json.h"

#include <gtest/gtest.h>

#include "tests/cli/stats_fixture.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;

TEST(StatsJsonTest, HasAllOfTheReport) {
  StatsReport report = ReportOfAll();
  report.stats.foreign_cursors = {"old"};
  report.verification =
      JournalVerification{.expected = {100, 1'000}, .missing = {{150, 153}}};
  EXPECT_EQ(StatsJson(report), Json::parse(R"({
    "folder": "data",
    "journal_id": "ab010000000000000000000000000000",
    "segments": 3, "bytes": 402653184, "oldest": 100, "head": 1000,
    "producers": 2,
    "ingest": {
      "received": 1043, "stored": 1000,
      "rejected": {"batch_rejected": 2},
      "lost": {"frame_cut": 1, "tcp_buffer_full": 40},
      "before": {"lost_by_producer": 17}},
    "handlers": [
      {"name": "all", "offset": 990, "stored": 1000, "handled": 990,
       "filtered": 0, "pending": 10, "lost": {}, "lost_not_in_cursor": 0,
       "skipped": 0, "replayed": 0, "difference": 0},
      {"name": "err\n", "offset": 90, "stored": 1000, "handled": 8,
       "filtered": 80, "pending": 900,
       "lost": {"journal_damaged": 2, "retention_overtook": 10},
       "lost_not_in_cursor": 10, "skipped": 0, "replayed": 0,
       "difference": 0}],
    "foreign_cursors": ["old"],
    "balanced": true,
    "verified": {"begin": 100, "end": 1000, "missing_records": 3,
                 "missing": [{"begin": 150, "end": 153}]}})"));
}

TEST(StatsJsonTest, SaysThatABalanceDoesNotClose) {
  StatsReport report = ReportOfAll();
  report.stats.handlers[1].counts.filtered += 4;
  const Json json = StatsJson(report);
  EXPECT_EQ(json["balanced"], false);
  EXPECT_EQ(json["handlers"][1]["difference"], -4);
  EXPECT_FALSE(report.all_is_well());
}

TEST(StatsJsonTest, ARecordMissingIsNotWellThoughBalancesClose) {
  StatsReport report = ReportOfAll();
  report.verification = JournalVerification{.missing = {{1, 2}}};
  EXPECT_TRUE(report.balanced());
  EXPECT_FALSE(report.all_is_well());
}

TEST(StatsJsonTest, AnEmptyJournalHasNoId) {
  EXPECT_EQ(StatsJson({.folder = "data"})["journal_id"], nullptr);
}

}  // namespace
}  // namespace logboom
