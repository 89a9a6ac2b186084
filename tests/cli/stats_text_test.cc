#include "cli/stats_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/cli/stats_fixture.h"

namespace logboom {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Printed(const StatsReport& report) {
  testing::internal::CaptureStdout();
  PrintStats(report);
  std::fflush(stdout);
  return testing::internal::GetCapturedStdout();
}

TEST(StatsTextTest, ShowsEveryBalanceInColumns) {
  EXPECT_EQ(Printed(ReportOfAll()), R"(journal    data
id         ab010000000000000000000000000000
segments   3, 402653184 bytes
records    oldest kept 100, head 1000
producers  2 remembered

received 1043 = stored 1000 + rejected 2 + lost 41
  rejected: batch_rejected                  2
  lost: frame_cut                           1
  lost: tcp_buffer_full                    40
  lost before they came: lost_by_producer  17

handler  stored  = handled  + filtered  + pending  + lost
all        1000        990           0         10       0
err\n      1000          8          80        900      12
  err\n lost: journal_damaged 2, retention_overtook 10 (10 of them not yet counted in its cursor)
)");
}

TEST(StatsTextTest, ShowsRewindsWhereThereWereAny) {
  StatsReport report = ReportOfAll();
  report.stats.handlers = {BalanceOf(
      "all",
      {.offset = 700,
       .counts = {.skipped = 100, .replayed = 1'400, .handled = 2'000}},
      0, 1'000)};
  EXPECT_THAT(Printed(report), HasSubstr(R"(
handler  stored  = handled  + filtered  + pending  + lost  + skipped  - replayed
all        1000       2000           0        300       0        100        1400
)"));
}

TEST(StatsTextTest, SaysByHowMuchABalanceDoesNotClose) {
  StatsReport report = ReportOfAll();
  ++report.stats.handlers[0].counts.handled;
  EXPECT_THAT(Printed(report),
              HasSubstr("all: the balance does not close: the right "
                        "side has 1 too many\n"));
  report.stats.handlers[0].counts.handled -= 3;
  EXPECT_THAT(Printed(report),
              HasSubstr("all: the balance does not close: the right "
                        "side has 2 too few\n"));
}

TEST(StatsTextTest, SaysWhetherEveryRecordIsThere) {
  StatsReport report = ReportOfAll();
  report.verification = JournalVerification{.expected = {100, 1'000}};
  EXPECT_THAT(Printed(report),
              EndsWith("\nverified: all 900 records are there\n"));
  report.verification->missing = {{150, 151}, {200, 300}};
  EXPECT_THAT(Printed(report),
              EndsWith("\nverified: 101 of 900 records are missing\n"
                       "  150\n  200 to 299\n"));
}

TEST(StatsTextTest, NamesNoMoreGapsThanCanBeRead) {
  StatsReport report = ReportOfAll();
  report.verification = JournalVerification{.expected = {100, 1'000}};
  for (Offset at = 100; at < 150; at += 2) {
    report.verification->missing.push_back({at, at + 1});
  }
  const std::string text = Printed(report);
  EXPECT_THAT(text, EndsWith("\n  138\n  and in 5 more places\n"));
}

TEST(StatsTextTest, AnEmptyJournalHasNoIdAndNoHandlers) {
  const std::string text = Printed({.folder = "data"});
  EXPECT_THAT(text, HasSubstr("id         none yet\n"));
  EXPECT_THAT(text, EndsWith("received 0 = stored 0 + rejected 0 + lost 0\n"));
}

TEST(StatsTextTest, NamesCursorsOfAnotherJournal) {
  StatsReport report = ReportOfAll();
  report.stats.foreign_cursors = {"old\x1b"};
  EXPECT_THAT(Printed(report),
              EndsWith("  old\\x1b: its cursor is another journal's\n"));
  EXPECT_THAT(Printed(report), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace logboom
