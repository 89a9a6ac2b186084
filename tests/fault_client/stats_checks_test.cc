// Goal: the checks of a client's stats and of a journal's ledger can fail: they
// find a sum that does not close, a loss that was not told, told twice or told
// for another reason, and nothing where all is well.

#include <gtest/gtest.h>

#include "tests/fault_client/journal_ledger.h"
#include "tests/fault_client/stats_balance.h"

namespace logboom {
namespace {

constexpr char kOtherLosses[] = "ledger: it has not the client's losses";

ClientStats SomeStats() {
  ClientStats stats;
  stats.logged = 20;
  stats.acknowledged = 10;
  stats.pending = 3;
  stats.lost_buffer_full = 5;
  stats.lost_shut_down = 2;
  return stats;
}

JournalLedger LedgerOfSomeStats() {
  return {.losses = {{"lost_by_producer.buffer_full", 5},
                     {"lost_by_producer.shut_down", 2},
                     {"sequence_gap", 0}}};
}

TEST(StatsBalanceTest, FindsNothingWhereAllIsWell) {
  Findings findings;
  CheckBalance(SomeStats(), 20, "here", &findings);
  EXPECT_TRUE(findings.empty()) << findings.ToString();
}

TEST(StatsBalanceTest, FindsARecordTooFewOrTooMany) {
  for (const int difference : {-1, 1}) {
    ClientStats stats = SomeStats();
    stats.acknowledged += difference;
    Findings findings;
    CheckBalance(stats, 20, "here", &findings);
    EXPECT_EQ(findings.count("stats: logged is not the sum of the rest"), 1);
    CheckBalance(SomeStats(), 20 + difference, "here", &findings);
    EXPECT_EQ(findings.count("stats: logged is not the calls that were made"),
              1);
  }
}

TEST(JournalLedgerTest, FindsNothingWhereAllIsWell) {
  Findings findings;
  LedgerOfSomeStats().ExpectLossesOf(SomeStats(), false, "here", &findings);
  JournalLedger({.losses = {{"sequence_gap", 0}}}).ExpectNoLosses(&findings);
  EXPECT_TRUE(findings.empty()) << findings.ToString();
}

TEST(JournalLedgerTest, FindsALossToldTooLittleUnlessItMayBe) {
  JournalLedger ledger = LedgerOfSomeStats();
  --ledger.losses["lost_by_producer.buffer_full"];
  Findings findings;
  ledger.ExpectLossesOf(SomeStats(), /*at_most=*/true, "here", &findings);
  EXPECT_TRUE(findings.empty()) << findings.ToString();
  ledger.ExpectLossesOf(SomeStats(), /*at_most=*/false, "here", &findings);
  EXPECT_EQ(findings.count(kOtherLosses), 1);
}

TEST(JournalLedgerTest, FindsALossToldTwiceOrForAnotherReason) {
  JournalLedger ledger = LedgerOfSomeStats();
  ++ledger.losses["lost_by_producer.shut_down"];
  ledger.losses["lost_by_producer.spool_full"] = 1;
  Findings findings;
  ledger.ExpectLossesOf(SomeStats(), /*at_most=*/true, "here", &findings);
  EXPECT_EQ(findings.count(kOtherLosses), 2);
}

TEST(JournalLedgerTest, FindsALossThatTheClientDidNotHave) {
  JournalLedger ledger = LedgerOfSomeStats();
  ledger.losses["sequence_gap"] = 1;
  Findings findings;
  ledger.ExpectLossesOf(SomeStats(), /*at_most=*/true, "here", &findings);
  EXPECT_EQ(findings.count("ledger: a loss that the client did not have"), 1);
  ledger.ExpectNoLosses(&findings);
  EXPECT_EQ(findings.count("ledger: a loss where nothing was lost"), 3);
}

}  // namespace
}  // namespace logboom
