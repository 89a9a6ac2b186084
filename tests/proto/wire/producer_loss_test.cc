// Goal: each reason is read back by its name, and a batch's claims are summed
// by reason.

#include "proto/wire/producer_loss.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "logboom/v1/ingest.pb.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

TEST(ProducerLossTest, EachReasonIsReadBackByItsName) {
  std::set<std::string> names;
  for (int i = 0; i < kProducerLossCount; ++i) {
    const auto loss = static_cast<ProducerLoss>(i);
    names.insert(std::string(ProducerLossName(loss)));
    EXPECT_EQ(ProducerLossFromName(ProducerLossName(loss)), loss);
  }
  EXPECT_EQ(names.size(), size_t{kProducerLossCount});
}

// Producers elsewhere write these.
TEST(ProducerLossTest, TheNamesStay) {
  EXPECT_EQ(ProducerLossName(ProducerLoss::kBufferFull), "buffer_full");
  EXPECT_EQ(ProducerLossName(ProducerLoss::kSpoolFull), "spool_full");
  EXPECT_EQ(ProducerLossName(ProducerLoss::kEncodeFailed), "encode_failed");
  EXPECT_EQ(ProducerLossName(ProducerLoss::kShutDown), "shut_down");
  EXPECT_EQ(ProducerLossName(ProducerLoss::kForked), "forked");
}

TEST(ProducerLossTest, OtherNamesAreNoReasonOfOurs) {
  for (const char* name : {"", "Buffer_Full", "buffer_full ", "buffer", "x"}) {
    EXPECT_EQ(ProducerLossFromName(name), std::nullopt) << name;
  }
}

TEST(ProducerLossTest, ABatchsClaimsAreSummedByReason) {
  v1::LogBatch batch;
  for (const auto& [reason, count] :
       {std::pair<const char*, uint64_t>{"spool_full", 2},
        {"x", 40},
        {"spool_full", 3},
        {"shut_down", 0}}) {
    batch.add_lost()->set_reason(reason);
    batch.mutable_lost()->rbegin()->set_count(count);
  }
  const auto summary = CheckBatch(batch.SerializeAsString());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->lost_records, 45u);
  for (int i = 0; i < kProducerLossCount; ++i) {
    EXPECT_EQ(
        summary->lost_for[i],
        static_cast<ProducerLoss>(i) == ProducerLoss::kSpoolFull ? 5u : 0u);
  }
}

}  // namespace
}  // namespace logboom
