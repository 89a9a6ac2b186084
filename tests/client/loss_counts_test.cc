// Goal: each lost record is in the totals for good, and is reported once.
#include "client/loss_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "logboom/v1/ingest.pb.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

std::vector<std::pair<std::string, uint64_t>> Reported(
    const LossCounts::Unreported& unreported) {
  v1::LogBatch batch;
  EXPECT_TRUE(batch.ParseFromString(unreported.Encode()));
  std::vector<std::pair<std::string, uint64_t>> reported;
  for (const v1::Lost& lost : batch.lost()) {
    reported.emplace_back(lost.reason(), lost.count());
  }
  return reported;
}

TEST(LossCountsTest, WithoutLossesThereIsNothingToReport) {
  LossCounts losses;
  EXPECT_EQ(losses.sum(), 0);
  EXPECT_FALSE(losses.has_unreported());
  EXPECT_EQ(losses.ToString(), "");
  const LossCounts::Unreported taken = losses.Take();
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(taken.Encode(), "");
}

TEST(LossCountsTest, EachReasonIsCountedAndReportedByItsName) {
  LossCounts losses;
  losses.Count(ProducerLoss::kBufferFull);
  losses.Count(ProducerLoss::kSpoolFull, 2);
  losses.Count(ProducerLoss::kEncodeFailed, 300);
  losses.Count(ProducerLoss::kShutDown, 4);
  losses.Count(ProducerLoss::kForked, int64_t{1} << 40);
  EXPECT_EQ(losses.total(ProducerLoss::kEncodeFailed), 300);
  EXPECT_EQ(losses.sum(), 307 + (int64_t{1} << 40));
  EXPECT_EQ(losses.ToString(),
            "buffer_full 1, spool_full 2, encode_failed 300, shut_down 4, "
            "forked 1099511627776");
  EXPECT_THAT(Reported(losses.Take()),
              ElementsAre(Pair("buffer_full", 1), Pair("spool_full", 2),
                          Pair("encode_failed", 300), Pair("shut_down", 4),
                          Pair("forked", uint64_t{1} << 40)));
}

TEST(LossCountsTest, TheServersCheckCountsWhatIsReported) {
  LossCounts losses;
  losses.Count(ProducerLoss::kBufferFull, 7);
  losses.Count(ProducerLoss::kForked, 3);
  const auto summary = CheckBatch(losses.Take().Encode());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->lost_records, 10u);
  EXPECT_EQ(summary->record_count, 0u);
}

TEST(LossCountsTest, WhatIsTakenIsNotTakenAgain) {
  LossCounts losses;
  losses.Count(ProducerLoss::kBufferFull, 5);
  EXPECT_TRUE(losses.has_unreported());
  EXPECT_FALSE(losses.Take().empty());
  EXPECT_FALSE(losses.has_unreported());
  EXPECT_THAT(Reported(losses.Take()), IsEmpty());
  EXPECT_EQ(losses.total(ProducerLoss::kBufferFull), 5) << "totals stay";
  losses.Count(ProducerLoss::kBufferFull, 2);
  EXPECT_THAT(Reported(losses.Take()), ElementsAre(Pair("buffer_full", 2)));
}

TEST(LossCountsTest, WhatIsGivenBackIsReportedWithWhatCameSince) {
  LossCounts losses;
  losses.Count(ProducerLoss::kBufferFull, 5);
  losses.Count(ProducerLoss::kForked, 1);
  const LossCounts::Unreported taken = losses.Take();
  losses.Count(ProducerLoss::kBufferFull, 2);
  losses.GiveBack(taken);
  EXPECT_EQ(losses.sum(), 8) << "giving back is no loss";
  EXPECT_THAT(Reported(losses.Take()),
              ElementsAre(Pair("buffer_full", 7), Pair("forked", 1)));
}

TEST(LossCountsTest, NothingIsLostBetweenCountingAndTakingThreads) {
  LossCounts losses;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&losses] {
      for (int i = 0; i < 2000; ++i) losses.Count(ProducerLoss::kBufferFull);
    });
  }
  int64_t reported = 0;
  for (int i = 0; i < 100; ++i) reported += losses.Take().counts[0];
  for (std::thread& thread : threads) thread.join();
  reported += losses.Take().counts[0];
  EXPECT_EQ(reported, 6000);
  EXPECT_EQ(losses.sum(), 6000);
}

}  // namespace
}  // namespace logboom
