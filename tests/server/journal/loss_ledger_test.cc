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

TEST(LossLedgerTest, PrintsWhatIsNotZero) {
  LossLedger ledger;
  EXPECT_EQ(ledger.ToString(), "none");
  ledger.Count(LossReason::kJournalDamaged, 7);
  ledger.Count(LossReason::kFrameNotDecodable, 3);
  EXPECT_EQ(ledger.ToString(), "frame_not_decodable 3, journal_damaged 7");
}

}  // namespace
}  // namespace logboom
