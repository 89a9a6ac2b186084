// Goal: chunks hold what was put into them, and all memory that exists stays
// within the capacity, whoever shares it and for how long.
#include "client/chunk_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace logboom {
namespace {

constexpr int64_t kChunkBytes = 100;

void AddRecord(RecordChunk* chunk, const std::string& record) {
  record.copy(chunk->AddRecord(record.size()), record.size());
}

class ChunkPoolTest : public ::testing::Test {
 protected:
  RecordChunk Take(size_t bytes = 1) { return pool_->Take(bytes, &returns_); }

  const std::shared_ptr<ChunkPool> pool_ =
      std::make_shared<ChunkPool>(10 * kChunkBytes, kChunkBytes);
  int64_t returns_ = -1;
};

TEST_F(ChunkPoolTest, AChunkThatWasNotTakenHasNothing) {
  const RecordChunk chunk;
  EXPECT_FALSE(chunk.exists());
  EXPECT_TRUE(chunk.empty());
  EXPECT_EQ(chunk.room(), 0u);
  EXPECT_EQ(chunk.records(), "");
}

TEST_F(ChunkPoolTest, AChunkHoldsItsRecordsOneBehindTheOther) {
  RecordChunk chunk = Take();
  ASSERT_TRUE(chunk.exists());
  EXPECT_TRUE(chunk.empty());
  EXPECT_EQ(chunk.capacity_bytes(), kChunkBytes);
  AddRecord(&chunk, "first");
  AddRecord(&chunk, "second");
  EXPECT_EQ(chunk.records(), "firstsecond");
  EXPECT_EQ(chunk.record_count(), 2);
  EXPECT_EQ(chunk.room(), static_cast<size_t>(kChunkBytes) - 11);
  AddRecord(&chunk, std::string(chunk.room(), 'x'));
  EXPECT_EQ(chunk.room(), 0u);
}

TEST_F(ChunkPoolTest, ALargerRecordGetsALargerChunk) {
  const RecordChunk chunk = Take(kChunkBytes + 1);
  EXPECT_EQ(chunk.capacity_bytes(), kChunkBytes + 1);
  EXPECT_EQ(pool_->used_bytes(), kChunkBytes + 1);
}

TEST_F(ChunkPoolTest, MovingAChunkLeavesNothingBehind) {
  RecordChunk from = Take();
  AddRecord(&from, "record");
  RecordChunk to = std::move(from);
  EXPECT_FALSE(from.exists());
  EXPECT_EQ(from.record_count(), 0);
  EXPECT_EQ(from.room(), 0u);
  EXPECT_EQ(to.records(), "record");
  EXPECT_EQ(pool_->used_bytes(), kChunkBytes);
  to = Take();
  EXPECT_TRUE(to.empty());
  EXPECT_EQ(pool_->used_bytes(), kChunkBytes) << "the first was given back";
}

TEST_F(ChunkPoolTest, AReusedChunkIsEmpty) {
  {
    RecordChunk chunk = Take();
    AddRecord(&chunk, "record");
  }
  const RecordChunk chunk = Take();
  EXPECT_TRUE(chunk.empty());
  EXPECT_EQ(chunk.record_count(), 0);
}

TEST_F(ChunkPoolTest, GivesNoMoreThanItsCapacity) {
  std::vector<RecordChunk> chunks;
  for (int i = 0; i < 10; ++i) {
    chunks.push_back(Take());
    EXPECT_TRUE(chunks.back().exists());
  }
  EXPECT_FALSE(Take().exists());
  EXPECT_EQ(pool_->used_bytes(), 10 * kChunkBytes);
  chunks.pop_back();
  EXPECT_FALSE(Take(kChunkBytes + 1).exists());
  EXPECT_TRUE(Take().exists());
}

TEST_F(ChunkPoolTest, ARecordBeyondTheCapacityNeverHasRoom) {
  EXPECT_TRUE(Take(10 * kChunkBytes).exists());
  EXPECT_FALSE(Take(10 * kChunkBytes + 1).exists());
}

// The free ones that are kept make room for a large one.
TEST_F(ChunkPoolTest, KeptChunksAreNoObstacleToALargeOne) {
  {
    std::vector<RecordChunk> chunks;
    for (int i = 0; i < 10; ++i) chunks.push_back(Take());
  }
  EXPECT_EQ(pool_->used_bytes(), 0);
  EXPECT_TRUE(Take(10 * kChunkBytes).exists());
}

TEST_F(ChunkPoolTest, ACordKeepsTheChunkUntilItsLastPartIsGone) {
  RecordChunk chunk = Take();
  const std::string record(90, 'r');
  AddRecord(&chunk, record);
  absl::Cord cord = std::move(chunk).ToCord();
  EXPECT_EQ(cord, record);
  absl::Cord part = cord.Subcord(10, 80);
  absl::Cord copy = cord;
  cord.Clear();
  copy.Clear();
  EXPECT_EQ(pool_->used_bytes(), kChunkBytes);
  EXPECT_EQ(part, record.substr(10));
  part.Clear();
  EXPECT_EQ(pool_->used_bytes(), 0);
}

TEST_F(ChunkPoolTest, AChunkMayOutliveThePoolsOwner) {
  auto pool = std::make_shared<ChunkPool>(1000, 100);
  RecordChunk chunk = pool->Take(1, &returns_);
  const std::string record(90, 'r');
  AddRecord(&chunk, record);
  const absl::Cord cord = std::move(chunk).ToCord();
  pool = nullptr;
  EXPECT_EQ(cord, record);
}

TEST_F(ChunkPoolTest, WaitingEndsAtOnceWhenSomethingCameBackSinceTheTake) {
  RecordChunk chunk = Take(10 * kChunkBytes);
  EXPECT_FALSE(Take().exists());
  chunk = RecordChunk();
  EXPECT_TRUE(pool_->WaitForRoom(returns_, absl::InfiniteFuture()));
}

TEST_F(ChunkPoolTest, WaitingEndsAtTheDeadline) {
  Take();  // given back before the Take that finds no room
  const RecordChunk chunk = Take(10 * kChunkBytes);
  EXPECT_FALSE(Take().exists());
  EXPECT_FALSE(
      pool_->WaitForRoom(returns_, absl::Now() + absl::Milliseconds(1)));
  EXPECT_FALSE(pool_->WaitForRoom(returns_, absl::InfinitePast()));
}

TEST_F(ChunkPoolTest, WaitingEndsWhenAnotherThreadGivesBack) {
  RecordChunk chunk = Take(10 * kChunkBytes);
  EXPECT_FALSE(Take().exists());
  std::thread other([&] { chunk = RecordChunk(); });
  EXPECT_TRUE(pool_->WaitForRoom(returns_, absl::InfiniteFuture()));
  other.join();
  EXPECT_TRUE(Take().exists());
}

TEST_F(ChunkPoolTest, CloseEndsAllWaiting) {
  const RecordChunk chunk = Take(10 * kChunkBytes);
  EXPECT_FALSE(Take().exists());
  std::thread other([&] { pool_->Close(); });
  EXPECT_FALSE(pool_->WaitForRoom(returns_, absl::InfiniteFuture()));
  other.join();
  EXPECT_FALSE(pool_->WaitForRoom(returns_, absl::InfiniteFuture())) << "later";
}

TEST_F(ChunkPoolTest, ManyThreadsTogetherHaveNoMoreThanTheCapacity) {
  std::atomic<int64_t> held{0};  // at most what is in use
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([this, t, &held] {
      std::mt19937 random(t);
      std::deque<RecordChunk> mine;
      const auto drop = [&] {
        held.fetch_sub(mine.front().capacity_bytes());
        mine.pop_front();
      };
      for (int i = 0; i < 2000; ++i) {
        int64_t returns = 0;
        RecordChunk chunk = pool_->Take(random() % (3 * kChunkBytes), &returns);
        if (chunk.exists()) {
          EXPECT_LE(
              held.fetch_add(chunk.capacity_bytes()) + chunk.capacity_bytes(),
              10 * kChunkBytes);
          mine.push_back(std::move(chunk));
        }
        if (!mine.empty() && (!mine.back().exists() || random() % 2 == 0)) {
          drop();
        }
        EXPECT_LE(pool_->used_bytes(), 10 * kChunkBytes);
      }
      while (!mine.empty()) drop();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool_->used_bytes(), 0);
}

}  // namespace
}  // namespace logboom
