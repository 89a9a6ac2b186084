// Goal: each record that a producer says it lost is counted once, by reason,
// and no claim makes a count wrap.

#include "server/ingest/producer_losses.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "logboom/v1/ingest.pb.h"
#include "proto/wire/producer_loss.h"

namespace logboom {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

class Claim {
 public:
  Claim& Lost(const std::string& reason, uint64_t count) {
    v1::Lost& lost = *batch_.add_lost();
    lost.set_reason(reason);
    lost.set_count(count);
    return *this;
  }
  BatchSummary Summary() const {
    const auto summary = CheckBatch(batch_.SerializeAsString());
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(BatchSummary());
  }

 private:
  v1::LogBatch batch_;
};

std::string Counted(const BatchSummary& summary) {
  return LostByProducer(summary).ToString();
}

TEST(ProducerLossesTest, CountsKnownReasonsEachAndOthersTogether) {
  EXPECT_EQ(Counted(Claim()
                        .Lost("buffer_full", 5)
                        .Lost("forked", 2)
                        .Lost("my own", 3)
                        .Lost("buffer_full", 1)
                        .Lost("", 4)
                        .Summary()),
            "lost_by_producer 7, lost_by_producer.buffer_full 6, "
            "lost_by_producer.forked 2");
  EXPECT_EQ(Counted(Claim().Summary()), "none");
}

TEST(ProducerLossesTest, EveryKnownReasonHasItsNameInTheLedger) {
  for (int i = 0; i < kProducerLossCount; ++i) {
    const std::string reason(ProducerLossName(static_cast<ProducerLoss>(i)));
    EXPECT_EQ(Counted(Claim().Lost(reason, 9).Summary()),
              "lost_by_producer." + reason + " 9");
  }
}

TEST(ProducerLossesTest, AnAbsurdClaimIsCountedUpToTheBound) {
  const LedgerCounts lost = LostByProducer(Claim()
                                               .Lost("buffer_full", kMax)
                                               .Lost("spool_full", kMax)
                                               .Lost("other", kMax)
                                               .Summary());
  EXPECT_EQ(lost.sum(), kMostLostClaimed);
  EXPECT_EQ(LostByProducer(Claim().Lost("other", kMax).Summary()).sum(),
            kMostLostClaimed);
}

TEST(ProducerLossesTest, SumsDoNotWrap) {
  const BatchSummary absurd =
      Claim().Lost("buffer_full", kMax).Lost("x", kMax).Summary();
  BatchSummary sum;
  for (int i = 0; i < 1000; ++i) AddLostByProducer(absurd, &sum);
  EXPECT_EQ(sum.lost_records, 1000 * kMostLostClaimed);
  EXPECT_EQ(sum.lost_for[0], 1000 * kMostLostClaimed);
  BatchSummary two = Claim().Lost("forked", 2).Lost("x", 1).Summary();
  AddLostByProducer(Claim().Lost("forked", 3).Summary(), &two);
  EXPECT_EQ(Counted(two), "lost_by_producer 1, lost_by_producer.forked 5");
}

TEST(ProducerLossesTest, CountsInALedgerAsInAnEntry) {
  const BatchSummary summary =
      Claim().Lost("shut_down", 2).Lost("x", 1).Summary();
  LossLedger ledger;
  CountLostByProducer(summary, &ledger);
  EXPECT_EQ(ledger.since_open().ToString(), Counted(summary));
}

}  // namespace
}  // namespace logboom
