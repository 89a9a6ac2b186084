#include "server/journal/loss_ledger.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace logboom {
namespace {

TEST(LossLedgerTest, EveryReasonHasANameOfItsOwn) {
  std::set<std::string> names;
  for (int i = 0; i < kLossReasonCount; ++i) {
    names.emplace(LossReasonName(static_cast<LossReason>(i)));
  }
  EXPECT_EQ(names.size(), size_t{kLossReasonCount});
  EXPECT_EQ(names.count(""), 0u);
}

TEST(LossLedgerTest, CountsEachReasonByItself) {
  LossLedger ledger;
  ledger.Count(LossReason::kFrameCut);
  ledger.Count(LossReason::kSequenceGap, 40);
  ledger.Count(LossReason::kSequenceGap, 2);
  EXPECT_EQ(ledger.count(LossReason::kFrameCut), 1);
  EXPECT_EQ(ledger.count(LossReason::kSequenceGap), 42);
  EXPECT_EQ(ledger.count(LossReason::kBatchRejected), 0);
}

TEST(LossLedgerTest, WhatIsTakenCountsUntilItIsStoredOrGivenBack) {
  LossLedger ledger;
  ledger.Count(LossReason::kFrameCut, 3);
  EXPECT_EQ(ledger.Take().ToString(), "frame_cut 3");
  EXPECT_EQ(ledger.count(LossReason::kFrameCut), 3);
  ledger.TakeBack();
  EXPECT_EQ(ledger.count(LossReason::kFrameCut), 3);
  ledger.Stored(ledger.Take());
  EXPECT_EQ(ledger.count(LossReason::kFrameCut), 3);
  EXPECT_TRUE(ledger.Take().empty());
  EXPECT_EQ(ledger.stored_totals().ToString(), "frame_cut 3");
}

TEST(LossLedgerTest, TotalsAreWhatTheJournalHeldAndWhatWasStoredAndWhatWaits) {
  LossLedger ledger;
  LedgerCounts found;
  found.Add("frame_cut", 100);
  found.Add("of_another_version", 1);
  ledger.Open(found);
  ledger.Count(LossReason::kFrameCut, 10);
  ledger.Stored(ledger.Take());
  ledger.Count(LossReason::kFrameCut, 5);
  EXPECT_EQ(ledger.totals().ToString(), "frame_cut 115, of_another_version 1");
  EXPECT_EQ(ledger.since_open().ToString(), "frame_cut 15");
}

}  // namespace
}  // namespace logboom
