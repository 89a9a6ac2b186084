// Goal: what a thread logs is collected in its order and once, within the
// capacity, and whoever waits for room, or for news, does not wait in vain.
#include "client/record_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using News = RecordBuffer::News;
using Outcome = RecordBuffer::Outcome;

constexpr int64_t kChunkBytes = 100;
constexpr int64_t kAll = int64_t{1} << 40;

// Records here are texts that end in ';'.
Outcome Append(RecordBuffer& buffer, absl::string_view record) {
  return buffer.Append(record.size() + 1, [record](char* to) {
    record.copy(to, record.size());
    to[record.size()] = ';';
  });
}

std::vector<std::string> RecordsOf(const std::vector<RecordChunk>& chunks) {
  std::vector<std::string> records;
  for (const RecordChunk& chunk : chunks) {
    const std::vector<std::string> split =
        absl::StrSplit(chunk.records(), ';', absl::SkipEmpty());
    EXPECT_EQ(chunk.record_count(), static_cast<int64_t>(split.size()));
    records.insert(records.end(), split.begin(), split.end());
  }
  return records;
}

// A bell that rings once for any number of strokes since it was last heard.
class Bell {
 public:
  void Ring() {
    MutexLock lock(&mu_);
    rung_ = true;
    ringing_.NotifyAll();
  }
  void Hear() {
    MutexLock lock(&mu_);
    while (!rung_) ringing_.Wait(&mu_);
    rung_ = false;
  }

 private:
  Mutex mu_;
  CondVar ringing_;
  bool rung_ ABSL_GUARDED_BY(mu_) = false;
};

// Ten chunks of 100 bytes; a wake at 200 bytes in full ones.
class RecordBufferTest : public ::testing::Test {
 protected:
  RecordBufferTest() { Create(absl::ZeroDuration()); }

  void Create(absl::Duration room_timeout) {
    buffer_ = std::make_unique<RecordBuffer>(
        RecordBuffer::Options{.capacity_bytes = 10 * kChunkBytes,
                              .chunk_bytes = kChunkBytes,
                              .wake_bytes = 200,
                              .room_timeout = room_timeout},
        [this](News news) {
          ++news_[static_cast<size_t>(news)];
          if (news == News::kRoomWanted) room_wanted_.Ring();
        });
  }

  Outcome Append(absl::string_view record) {
    return logboom::Append(*buffer_, record);
  }
  // So many records of `size` bytes in all.
  void Fill(int records, size_t size = kChunkBytes) {
    for (int i = 0; i < records; ++i) {
      ASSERT_EQ(Append(std::string(size - 1, 'x')), Outcome::kTaken);
    }
  }
  std::vector<std::string> Collect(int64_t max_bytes = kAll,
                                   bool partial = true) {
    return RecordsOf(buffer_->Collect(max_bytes, partial));
  }
  int Count(News news) const { return news_[static_cast<size_t>(news)]; }

  std::array<std::atomic<int>, 3> news_{};
  Bell room_wanted_;
  std::unique_ptr<RecordBuffer> buffer_;
};

TEST_F(RecordBufferTest, AnEmptyBufferTakesNoMemory) {
  EXPECT_THAT(Collect(), IsEmpty());
  EXPECT_EQ(buffer_->appended(), 0);
  EXPECT_EQ(buffer_->used_bytes(), 0);
  EXPECT_EQ(buffer_->full_chunk_bytes(), 0);
}

TEST_F(RecordBufferTest, RecordsAreCollectedOnceInOrder) {
  for (const char* record : {"a", "b", "c"}) {
    EXPECT_EQ(Append(record), Outcome::kTaken);
  }
  EXPECT_THAT(Collect(kAll, false), IsEmpty()) << "the chunk is not full";
  EXPECT_EQ(buffer_->used_bytes(), kChunkBytes);
  EXPECT_THAT(Collect(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Collect(), IsEmpty());
  EXPECT_EQ(buffer_->used_bytes(), 0);
  Append("d");
  EXPECT_THAT(Collect(), ElementsAre("d"));
  EXPECT_EQ(buffer_->appended(), 4);
}

TEST_F(RecordBufferTest, FullChunksComeBeforeTheOneBeingFilled) {
  std::vector<std::string> expected;
  for (int i = 0; i < 10; ++i) {
    expected.push_back(absl::StrCat(i, std::string(28, 'x')));
    Append(expected.back());  // 30 bytes: three a chunk
  }
  EXPECT_EQ(buffer_->full_chunk_bytes(), 270);
  std::vector<std::string> collected = Collect(1, true);
  EXPECT_EQ(collected.size(), 3u) << "about so many bytes, whole chunks";
  EXPECT_EQ(buffer_->full_chunk_bytes(), 180);
  for (const bool partial : {false, true}) {
    for (std::string& record : Collect(kAll, partial)) {
      collected.push_back(std::move(record));
    }
    EXPECT_EQ(collected.size(), partial ? 10u : 9u);
  }
  EXPECT_EQ(collected, expected);
  EXPECT_EQ(buffer_->full_chunk_bytes(), 0);
}

TEST_F(RecordBufferTest, ALargeRecordHasAChunkOfItsOwn) {
  const std::string large(350, 'l');
  Append("a");
  EXPECT_EQ(Append(large), Outcome::kTaken);
  EXPECT_EQ(buffer_->used_bytes(), 351 + kChunkBytes);
  Append("b");
  EXPECT_THAT(Collect(), ElementsAre("a", large, "b"));
}

TEST_F(RecordBufferTest, TellsOfTheFirstRecordAndThenOfManyOnly) {
  Append("a");
  EXPECT_EQ(Count(News::kRecords), 1);
  Append("b");
  EXPECT_EQ(Count(News::kRecords), 1) << "there is one already";
  Collect();
  Append("c");
  EXPECT_EQ(Count(News::kRecords), 2);
  Fill(2);
  EXPECT_EQ(Count(News::kFullChunks), 0) << "two bytes and a hundred";
  Fill(2);
  EXPECT_EQ(Count(News::kFullChunks), 1);
  Fill(2);
  EXPECT_EQ(Count(News::kFullChunks), 1) << "once";
  Collect(kAll, false);
  Fill(3);
  EXPECT_EQ(Count(News::kFullChunks), 2) << "again";
  EXPECT_EQ(Count(News::kRecords), 2) << "the last chunk was left";
  EXPECT_EQ(Count(News::kRoomWanted), 0);
}

TEST_F(RecordBufferTest, WithoutRoomARecordIsRefusedAtOnce) {
  Fill(10);
  EXPECT_EQ(Append("a"), Outcome::kFull);
  EXPECT_EQ(Count(News::kRoomWanted), 1);
  EXPECT_EQ(buffer_->appended(), 10);
  EXPECT_EQ(buffer_->used_bytes(), 10 * kChunkBytes);
  EXPECT_EQ(Collect().size(), 10u);
  EXPECT_EQ(Append("a"), Outcome::kTaken);
}

TEST_F(RecordBufferTest, ARecordLargerThanTheCapacityIsRefused) {
  EXPECT_EQ(Append(std::string(10 * kChunkBytes, 'x')), Outcome::kFull);
  EXPECT_EQ(Append(std::string(10 * kChunkBytes - 1, 'x')), Outcome::kTaken);
}

TEST_F(RecordBufferTest, CordsThatLiveTakeRoomAndKeepTheirBytes) {
  Fill(10);
  std::vector<absl::Cord> cords;
  for (RecordChunk& chunk : buffer_->Collect(kAll, true)) {
    cords.push_back(std::move(chunk).ToCord());
  }
  EXPECT_EQ(Append("a"), Outcome::kFull);
  const std::string first(cords[0]);
  cords.pop_back();
  EXPECT_EQ(Append("a"), Outcome::kTaken);
  EXPECT_EQ(cords[0], first);
  buffer_ = nullptr;
  EXPECT_EQ(cords[0], first) << "after the buffer as well";
}

TEST_F(RecordBufferTest, WaitingForRoomEndsAtTheTimeout) {
  Create(absl::Milliseconds(1));
  Fill(10);
  EXPECT_EQ(Append("a"), Outcome::kFull);
  EXPECT_GE(Count(News::kRoomWanted), 1);
}

TEST_F(RecordBufferTest, WaitingForRoomEndsWhenAChunkIsGivenBack) {
  Create(absl::InfiniteDuration());
  Fill(10);
  std::thread waiting([this] { EXPECT_EQ(Append("a"), Outcome::kTaken); });
  room_wanted_.Hear();
  EXPECT_EQ(Collect(1).size(), 1u);
  waiting.join();
  EXPECT_EQ(buffer_->appended(), 11);
  const std::vector<std::string> rest = Collect();
  EXPECT_EQ(std::count(rest.begin(), rest.end(), "a"), 1);
}

TEST_F(RecordBufferTest, WaitingForRoomEndsWhenTheLastCordIsGone) {
  Create(absl::Hours(1));
  Fill(10);
  std::vector<absl::Cord> cords;
  for (RecordChunk& chunk : buffer_->Collect(kAll, true)) {
    cords.push_back(std::move(chunk).ToCord());
  }
  std::thread waiting([this] { EXPECT_EQ(Append("a"), Outcome::kTaken); });
  room_wanted_.Hear();
  cords.pop_back();
  waiting.join();
}

TEST_F(RecordBufferTest, WaitingForRoomEndsWithClose) {
  Create(absl::InfiniteDuration());
  Fill(10);
  std::vector<std::thread> waiting;
  for (int i = 0; i < 3; ++i) {
    waiting.emplace_back([this] { EXPECT_EQ(Append("a"), Outcome::kClosed); });
  }
  room_wanted_.Hear();
  buffer_->Close();
  for (std::thread& thread : waiting) thread.join();
  EXPECT_EQ(buffer_->appended(), 10);
}

TEST_F(RecordBufferTest, AClosedBufferTakesNothingAndStillGivesWhatItHas) {
  Append("a");
  buffer_->Close();
  EXPECT_EQ(Append("b"), Outcome::kClosed);
  std::thread([this] { EXPECT_EQ(Append("c"), Outcome::kClosed); }).join();
  EXPECT_THAT(Collect(), ElementsAre("a"));
  EXPECT_EQ(buffer_->appended(), 1);
  buffer_->Close();
}

TEST_F(RecordBufferTest, AThreadThatEndsHandsItsChunkOver) {
  std::thread([this] {
    Append("a");
    Append("b");
  }).join();
  EXPECT_EQ(buffer_->appended(), 2);
  EXPECT_THAT(Collect(), ElementsAre("a", "b"));
  EXPECT_EQ(buffer_->appended(), 2);
  EXPECT_EQ(buffer_->used_bytes(), 0);
}

TEST_F(RecordBufferTest, ManyThreadsThatComeAndGoLeaveNothingBehind) {
  for (int i = 0; i < 300; ++i) {
    std::thread([this, i] { Append(absl::StrCat(i)); }).join();
    if (i % 10 == 9) {
      EXPECT_EQ(Collect().size(), 10u);
      EXPECT_EQ(buffer_->used_bytes(), 0);
    }
  }
  EXPECT_EQ(buffer_->appended(), 300);
}

// What a thread logs in the destructors of its thread_locals, when its own
// place in the buffer has gone.
struct LogsAtItsEnd {
  RecordBuffer* buffer = nullptr;
  ~LogsAtItsEnd() {
    if (buffer == nullptr) return;
    EXPECT_EQ(logboom::Append(*buffer, "last"), Outcome::kTaken);
  }
};

TEST_F(RecordBufferTest, AThreadMayLogWhileItEnds) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      static thread_local LogsAtItsEnd late;  // before the buffer's own
      late.buffer = buffer_.get();
      Append("first");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::string> records = Collect();
  EXPECT_EQ(std::count(records.begin(), records.end(), "first"), 4);
  EXPECT_EQ(std::count(records.begin(), records.end(), "last"), 4);
  EXPECT_EQ(buffer_->appended(), 8);
}

TEST_F(RecordBufferTest, TwoBuffersOfAThreadHaveNothingInCommon) {
  RecordBuffer other({.capacity_bytes = 1000, .chunk_bytes = 100}, [](News) {});
  for (int i = 0; i < 3; ++i) {
    Append(absl::StrCat("a", i));
    logboom::Append(other, absl::StrCat("b", i));
  }
  EXPECT_THAT(Collect(), ElementsAre("a0", "a1", "a2"));
  EXPECT_THAT(RecordsOf(other.Collect(kAll, true)),
              ElementsAre("b0", "b1", "b2"));
  other.Close();
  EXPECT_EQ(Append("a3"), Outcome::kTaken);
  EXPECT_EQ(logboom::Append(other, "b3"), Outcome::kClosed);
}

TEST_F(RecordBufferTest, ABufferAfterAnotherBeginsAnew) {
  for (int i = 0; i < 20; ++i) {
    Create(absl::ZeroDuration());
    EXPECT_THAT(Collect(), IsEmpty());
    Append(absl::StrCat(i));
    if (i % 2 == 0) continue;  // with records that nobody takes
    EXPECT_THAT(Collect(), ElementsAre(absl::StrCat(i)));
  }
}

TEST_F(RecordBufferTest, ABufferMayEndBeforeAThreadThatUsedIt) {
  Bell appended, gone;
  std::thread thread([&] {
    Append("a");
    appended.Ring();
    gone.Hear();
    RecordBuffer next({.capacity_bytes = 1000, .chunk_bytes = 100},
                      [](News) {});
    EXPECT_EQ(logboom::Append(next, "b"), Outcome::kTaken);
  });
  appended.Hear();
  buffer_ = nullptr;
  gone.Ring();
  thread.join();
}

// The sender's side: collects when there are news and only then, and keeps some
// of what it collected for a while.
class Collector {
 public:
  explicit Collector(int threads) : next_(static_cast<size_t>(threads)) {}

  // Returns when there is nothing more for the moment.
  void Drain(RecordBuffer& buffer, int64_t capacity_bytes) {
    while (true) {
      std::vector<RecordChunk> chunks = buffer.Collect(250, true);
      if (chunks.empty()) break;
      for (RecordChunk& chunk : chunks) {
        held_bytes_.push_back(chunk.capacity_bytes());
        held_.push_back(std::move(chunk).ToCord());
        Check(std::string(held_.back()));
      }
      EXPECT_LE(buffer.used_bytes(), capacity_bytes);
      int64_t held = 0;
      for (const int64_t bytes : held_bytes_) held += bytes;
      EXPECT_LE(held, buffer.used_bytes());
      while (held_.size() > 4) {
        held_.pop_front();
        held_bytes_.pop_front();
      }
    }
    held_.clear();
    held_bytes_.clear();
  }

  int64_t records() const { return records_; }

 private:
  // Each record is "THREAD NUMBER filler", numbers of a thread in order.
  void Check(const std::string& records) {
    for (const absl::string_view record :
         absl::StrSplit(records, ';', absl::SkipEmpty())) {
      const std::vector<absl::string_view> parts = absl::StrSplit(record, ' ');
      size_t thread;
      int64_t number;
      ASSERT_TRUE(absl::SimpleAtoi(parts[0], &thread)) << record;
      ASSERT_TRUE(absl::SimpleAtoi(parts[1], &number)) << record;
      ASSERT_EQ(number, next_[thread]++) << "of thread " << thread;
      ++records_;
    }
  }

  std::deque<absl::Cord> held_;
  std::deque<int64_t> held_bytes_;
  std::vector<int64_t> next_;
  int64_t records_ = 0;
};

// If news were missing this would wait for ever.
TEST(RecordBufferThreadsTest, EveryRecordArrivesInItsThreadsOrder) {
  constexpr int kThreads = 4;
  constexpr int kRecords = 1500;
  constexpr int64_t kCapacity = 1000;
  Bell news;
  RecordBuffer buffer({.capacity_bytes = kCapacity,
                       .chunk_bytes = kChunkBytes,
                       .wake_bytes = 200,
                       .room_timeout = absl::InfiniteDuration()},
                      [&news](News) { news.Ring(); });
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&buffer, t] {
      for (int i = 0; i < kRecords; ++i) {
        const auto filler = static_cast<size_t>((i * 7 + t) % 120);
        EXPECT_EQ(Append(buffer, absl::StrCat(t, " ", i, " ",
                                              std::string(filler, 'x'))),
                  Outcome::kTaken);
      }
    });
  }
  Collector collector(kThreads);
  while (collector.records() < kThreads * kRecords) {
    news.Hear();
    collector.Drain(buffer, kCapacity);
    if (::testing::Test::HasFailure()) buffer.Close();
    if (::testing::Test::HasFailure()) break;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(buffer.appended(), kThreads * kRecords);
  EXPECT_EQ(buffer.used_bytes(), 0);
}

// Nothing is between taken and refused.
TEST(RecordBufferThreadsTest, WhatCloseCutsOffIsRefusedAndTheRestIsThere) {
  for (int round = 0; round < 20; ++round) {
    Bell begun;
    RecordBuffer buffer({.capacity_bytes = 100000, .chunk_bytes = kChunkBytes},
                        [&begun](News) { begun.Ring(); });
    std::atomic<int64_t> taken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          if (Append(buffer, "x") != Outcome::kTaken) break;
          taken.fetch_add(1);
        }
      });
    }
    begun.Hear();
    buffer.Close();
    const int64_t appended = buffer.appended();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(buffer.appended(), appended);
    EXPECT_EQ(taken.load(), appended);
    EXPECT_EQ(RecordsOf(buffer.Collect(kAll, true)).size(),
              static_cast<size_t>(appended));
  }
}

}  // namespace
}  // namespace logboom
