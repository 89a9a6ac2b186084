// Goal: spool and memory are one queue in the order of sequences, whatever is
// spilled when; earlier lives come first; every record is accounted for.
#include "client/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/client/fake_spool.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Batch MakeBatch(uint64_t sequence, int64_t records = 10) {
  Batch batch;
  batch.sequence = sequence;
  batch.records = records;
  batch.payload = absl::Cord("payload");
  batch.memory_bytes = 100;
  return batch;
}

class BacklogTest : public ::testing::Test {
 protected:
  void Create(std::vector<FakeSpool::Life> lives = {}) {
    auto spool = std::make_unique<FakeSpool>(std::move(lives));
    spool_ = spool.get();
    backlog_ = std::make_unique<Backlog>(std::move(spool), &losses_);
  }

  // Sends what there is; the sequences.
  std::vector<uint64_t> SendAll() {
    std::vector<uint64_t> sent;
    while (const Batch* next = backlog_->next()) {
      sent.push_back(next->sequence);
      backlog_->Sent();
    }
    return sent;
  }

  LossCounts losses_;
  FakeSpool* spool_ = nullptr;
  std::unique_ptr<Backlog> backlog_;
};

TEST_F(BacklogTest, WithoutASpoolItIsTheQueueInMemory) {
  backlog_ = std::make_unique<Backlog>(nullptr, &losses_);
  backlog_->Add(MakeBatch(1));
  backlog_->Add(MakeBatch(2));
  EXPECT_THAT(SendAll(), ElementsAre(1, 2));
  EXPECT_EQ(backlog_->in_flight_bytes(), 200);
  EXPECT_EQ(backlog_->Settle(1), 10);
  EXPECT_EQ(backlog_->settled(), 1u);
  EXPECT_EQ(backlog_->Rewind(1), 0);
  EXPECT_THAT(SendAll(), ElementsAre(2));
  EXPECT_EQ(backlog_->Settle(2), 10);
  EXPECT_TRUE(backlog_->empty());
}

// Goal: what was under way when it was spilled is not sent again on this
// stream, but is on the next.
TEST_F(BacklogTest, WhatIsSpilledKeepsItsPlace) {
  Create();
  backlog_->Add(MakeBatch(1));
  backlog_->Add(MakeBatch(2));
  EXPECT_EQ(backlog_->next()->sequence, 1u);
  backlog_->Sent();
  EXPECT_TRUE(backlog_->Spill());
  EXPECT_EQ(backlog_->spooled(), 20);
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(3)));
  backlog_->Add(MakeBatch(4));
  EXPECT_EQ(backlog_->records(), 40);
  EXPECT_THAT(SendAll(), ElementsAre(2, 3, 4));
  EXPECT_EQ(backlog_->Settle(1), 10);
  EXPECT_EQ(backlog_->Rewind(2), 10);
  EXPECT_THAT(SendAll(), ElementsAre(3, 4));
  EXPECT_EQ(backlog_->Settle(4), 20);
  EXPECT_TRUE(backlog_->empty());
  EXPECT_EQ(backlog_->in_flight_bytes(), 0);
}

TEST_F(BacklogTest, MemoryIsSentOnlyWhenTheSpoolHasNothingMore) {
  Create();
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(1)));
  EXPECT_EQ(backlog_->next()->sequence, 1u) << "read, and not sent yet";
  backlog_->Add(MakeBatch(2));
  EXPECT_EQ(backlog_->next()->sequence, 1u);
  EXPECT_THAT(SendAll(), ElementsAre(1, 2));
}

// Goal: earlier lives are sent first, each alone, and are none of this life's
// numbers.
TEST_F(BacklogTest, EarlierLivesComeFirstAndAlone) {
  Create({{.epoch = 1, .sequences = {51, 52}}, {.epoch = 2, .sequences = {7}}});
  backlog_->Add(MakeBatch(1));
  EXPECT_FALSE(backlog_->at_own_life());
  EXPECT_EQ(backlog_->life().epoch, 1u);
  EXPECT_EQ(backlog_->earlier(), 30);
  EXPECT_THAT(SendAll(), ElementsAre(51, 52));
  EXPECT_EQ(backlog_->Settle(52), 0);
  EXPECT_EQ(backlog_->life().epoch, 2u);
  EXPECT_EQ(backlog_->Rewind(0), 0);
  EXPECT_THAT(SendAll(), ElementsAre(7));
  EXPECT_EQ(backlog_->Settle(7), 0);
  EXPECT_TRUE(backlog_->at_own_life());
  EXPECT_EQ(backlog_->settled(), 0u);
  EXPECT_EQ(backlog_->Rewind(0), 0);
  EXPECT_THAT(SendAll(), ElementsAre(1));
  EXPECT_EQ(backlog_->Settle(1), 10);
  EXPECT_TRUE(backlog_->empty());
}

TEST_F(BacklogTest, ALifeTheServerHasWholeIsPassedOver) {
  Create({{.epoch = 1, .sequences = {51, 52}}});
  EXPECT_EQ(backlog_->Rewind(52), 0);
  EXPECT_TRUE(backlog_->at_own_life());
}

// A server that had the whole of one earlier life was taken to have the next
// one's batches up to the same number too: they were deleted unsent.
TEST_F(BacklogTest, WhatTheServerHasOfOneLifeSaysNothingOfTheNext) {
  Create({{.epoch = 1, .sequences = {51, 52}}, {.epoch = 2, .sequences = {7}}});
  EXPECT_EQ(backlog_->Rewind(52), 0);
  EXPECT_EQ(backlog_->life().epoch, 2u);
  EXPECT_THAT(SendAll(), ElementsAre(7));
}

// Goal: a batch that has been numbered and sent stays in memory when the spool
// is full; one that has not is dropped, counted, and told.
TEST_F(BacklogTest, AFullSpoolDropsOnlyWhatWasNeverSent) {
  Create();
  backlog_->Add(MakeBatch(1));
  EXPECT_THAT(SendAll(), ElementsAre(1));
  spool_->set_full(true);
  EXPECT_FALSE(backlog_->Spill());
  EXPECT_EQ(losses_.sum(), 0);
  Batch batch = MakeBatch(2);
  batch.lost.counts[0] = 3;
  EXPECT_FALSE(backlog_->AddToSpool(batch));
  EXPECT_EQ(losses_.total(ProducerLoss::kSpoolFull), 10);
  EXPECT_EQ(backlog_->dropped(), 10);
  EXPECT_EQ(losses_.Take().counts[0], 3) << "reported by somebody else";
  EXPECT_THAT(backlog_->TakeProblems(), HasSubstr("full"));
  EXPECT_THAT(backlog_->TakeProblems(), IsEmpty());
  EXPECT_EQ(backlog_->Settle(1), 10);
}

// Goal: what made room is counted: this life's in its totals, others' in the
// report only.
TEST_F(BacklogTest, WhatMakesRoomIsCounted) {
  Create({{.epoch = 1, .sequences = {51}}});
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(1)));
  spool_->DropAtNextAppend(/*earlier_records=*/10, /*own_records=*/10);
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(2)));
  EXPECT_EQ(losses_.total(ProducerLoss::kSpoolFull), 10);
  EXPECT_EQ(backlog_->dropped(), 10);
  constexpr auto kIndex = static_cast<size_t>(ProducerLoss::kSpoolFull);
  EXPECT_EQ(losses_.Take().counts[kIndex], 20);
}

TEST_F(BacklogTest, ARejectedBatchIsNotAcknowledged) {
  Create();
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(1)));
  backlog_->Add(MakeBatch(2));
  SendAll();
  EXPECT_EQ(backlog_->Reject(1), 10);
  EXPECT_EQ(backlog_->Reject(2), 10);
  EXPECT_EQ(backlog_->Settle(2), 0);
  EXPECT_TRUE(backlog_->empty());
}

TEST_F(BacklogTest, DamageInTheSpoolIsPassedOverAndReported) {
  Create();
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(1)));
  EXPECT_TRUE(backlog_->AddToSpool(MakeBatch(2)));
  spool_->set_damaged(1);
  EXPECT_THAT(SendAll(), ElementsAre(2));
  constexpr auto kIndex = static_cast<size_t>(ProducerLoss::kSpoolFull);
  EXPECT_EQ(losses_.Take().counts[kIndex], 10);
}

}  // namespace
}  // namespace logboom
