// Goal: batches are sent in order, again on a new stream, until they are
// settled, and the counts say what is in flight.
#include "client/batch_queue.h"

#include <gtest/gtest.h>

#include <vector>

namespace logboom {
namespace {

Batch NewBatch(uint64_t sequence, int64_t records, int64_t memory_bytes) {
  Batch batch;
  batch.sequence = sequence;
  batch.records = records;
  batch.memory_bytes = memory_bytes;
  return batch;
}

// Holds batches 1...4 with 10, 20, 30, 40 records and 100, 200, 300, 400 bytes.
class BatchQueueTest : public ::testing::Test {
 protected:
  BatchQueueTest() {
    for (int i = 1; i <= 4; ++i) {
      queue_.Add(NewBatch(static_cast<uint64_t>(i), i * 10, i * 100));
    }
  }

  uint64_t Next() {
    const Batch* const next = queue_.next();
    return next == nullptr ? 0 : next->sequence;
  }
  void Send(int batches) {
    for (int i = 0; i < batches; ++i) {
      ASSERT_NE(queue_.next(), nullptr);
      queue_.Sent();
    }
  }

  BatchQueue queue_;
};

TEST_F(BatchQueueTest, AnEmptyQueueHasNothing) {
  BatchQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next(), nullptr);
  EXPECT_EQ(queue.records(), 0);
  EXPECT_EQ(queue.Settle(7), 0);
  EXPECT_EQ(queue.Rewind(7), 0);
  EXPECT_EQ(queue.Reject(7), 0);
  EXPECT_EQ(queue.in_flight_bytes(), 0);
}

TEST_F(BatchQueueTest, GivesEachBatchOnceInOrder) {
  EXPECT_EQ(queue_.records(), 100);
  EXPECT_EQ(queue_.in_flight_bytes(), 0);
  for (uint64_t sequence = 1; sequence <= 4; ++sequence) {
    EXPECT_EQ(Next(), sequence);
    EXPECT_EQ(Next(), sequence) << "until it was sent";
    queue_.Sent();
  }
  EXPECT_EQ(Next(), 0u);
  EXPECT_EQ(queue_.in_flight_bytes(), 1000);
  EXPECT_FALSE(queue_.empty());
  queue_.Add(NewBatch(5, 1, 1));
  EXPECT_EQ(Next(), 5u);
}

TEST_F(BatchQueueTest, SettlingEndsTheFlightOfAllUpToTheSequence) {
  Send(3);
  EXPECT_EQ(queue_.Settle(2), 30);
  EXPECT_EQ(queue_.in_flight_bytes(), 300);
  EXPECT_EQ(queue_.records(), 70);
  EXPECT_EQ(Next(), 4u);
  EXPECT_EQ(queue_.Settle(2), 0) << "an ack again";
  EXPECT_EQ(queue_.Settle(1), 0) << "an older ack";
  EXPECT_EQ(queue_.Settle(4), 70);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.in_flight_bytes(), 0);
  EXPECT_EQ(queue_.records(), 0);
}

TEST_F(BatchQueueTest, OnANewStreamEverythingUnsettledIsSentAgain) {
  Send(3);
  queue_.Settle(1);
  EXPECT_EQ(queue_.Rewind(1), 0);
  EXPECT_EQ(queue_.in_flight_bytes(), 0);
  EXPECT_EQ(queue_.records(), 90);
  EXPECT_EQ(Next(), 2u);
  Send(3);
  EXPECT_EQ(queue_.in_flight_bytes(), 900);
}

TEST_F(BatchQueueTest, WhatTheServerHadStoredIsSettledByTheNewStream) {
  Send(3);
  EXPECT_EQ(queue_.Rewind(2), 30);
  EXPECT_EQ(Next(), 3u);
  EXPECT_EQ(queue_.in_flight_bytes(), 0);
  Send(1);
  EXPECT_EQ(queue_.in_flight_bytes(), 300);
}

TEST_F(BatchQueueTest, TheNewStreamMaySettleWhatItHasNotSent) {
  Send(1);
  EXPECT_EQ(queue_.Rewind(0), 0);
  EXPECT_EQ(queue_.Settle(3), 60);
  EXPECT_EQ(queue_.in_flight_bytes(), 0);
  EXPECT_EQ(Next(), 4u);
}

TEST_F(BatchQueueTest, ARejectedBatchCountsNoMoreAndIsSettledWithTheOthers) {
  Send(3);
  EXPECT_EQ(queue_.Reject(2), 20);
  EXPECT_EQ(queue_.records(), 80);
  EXPECT_EQ(queue_.in_flight_bytes(), 600) << "its memory is still there";
  EXPECT_EQ(queue_.Reject(2), 0) << "once";
  EXPECT_EQ(queue_.Reject(9), 0) << "no such batch";
  EXPECT_EQ(queue_.Settle(3), 40) << "without those rejected";
  EXPECT_EQ(queue_.records(), 40);
  EXPECT_EQ(queue_.in_flight_bytes(), 0);
  EXPECT_EQ(Next(), 4u);
}

TEST_F(BatchQueueTest, SequencesMayHaveGaps) {
  BatchQueue queue;
  queue.Add(NewBatch(3, 1, 1));
  queue.Add(NewBatch(8, 1, 1));
  EXPECT_EQ(queue.Settle(7), 1);
  EXPECT_EQ(queue.next()->sequence, 8u);
}

}  // namespace
}  // namespace logboom
