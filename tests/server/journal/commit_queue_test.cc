#include "server/journal/commit_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/server/journal/segment_image.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kNoLimit = size_t{1} << 30;

QueuedEntry Queued(absl::string_view payload) {
  return {EntryOf(payload), AckDepth::kSynced, nullptr};
}

std::vector<std::string> Payloads(const CommitGroup& group) {
  std::vector<std::string> payloads;
  for (const QueuedEntry& queued : group.entries) {
    payloads.emplace_back(queued.entry.payload);
  }
  return payloads;
}

TEST(CommitQueueTest, GivesAllThatWaitsInItsOrder) {
  CommitQueue queue;
  for (const char* payload : {"a", "b", "c"}) queue.Push(Queued(payload));
  CommitGroup group;
  ASSERT_TRUE(queue.Take(kNoLimit, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("a", "b", "c"));
}

TEST(CommitQueueTest, AGroupEndsAtTheByteLimit) {
  CommitQueue queue;
  for (const char* payload : {"aaaa", "bbbb", "cccc"}) {
    queue.Push(Queued(payload));
  }
  CommitGroup group;
  ASSERT_TRUE(queue.Take(8, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("aaaa", "bbbb"));
  ASSERT_TRUE(queue.Take(8, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("cccc"));
}

TEST(CommitQueueTest, AnEntryOverTheLimitGoesAlone) {
  CommitQueue queue;
  queue.Push(Queued("too large for it"));
  queue.Push(Queued("b"));
  CommitGroup group;
  ASSERT_TRUE(queue.Take(4, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("too large for it"));
}

TEST(CommitQueueTest, ADeadlineGivesAnEmptyGroup) {
  CommitQueue queue;
  CommitGroup group;
  group.entries.resize(3);
  EXPECT_TRUE(queue.Take(kNoLimit, absl::InfinitePast(), &group));
  EXPECT_TRUE(group.empty());
}

TEST(CommitQueueTest, ClosedItGivesWhatIsLeftThenEnds) {
  CommitQueue queue;
  queue.Push(Queued("a"));
  queue.Close();
  QueuedEntry late = Queued("late");
  EXPECT_FALSE(queue.Push(std::move(late)));
  EXPECT_EQ(late.entry.payload, "late") << "left to the caller";

  CommitGroup group;
  ASSERT_TRUE(queue.Take(kNoLimit, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("a"));
  EXPECT_FALSE(queue.Take(kNoLimit, absl::InfiniteFuture(), &group));
}

TEST(CommitQueueTest, TakeAllDoesNotWait) {
  CommitQueue queue;
  CommitGroup group;
  group.entries.resize(1);
  queue.TakeAll(&group);
  EXPECT_TRUE(group.empty());
  queue.Push(Queued("a"));
  queue.TakeAll(&group);
  EXPECT_THAT(Payloads(group), ElementsAre("a"));
}

TEST(CommitQueueTest, EveryEntryOfManyThreadsIsTakenOnceInItsThreadsOrder) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  CommitQueue queue;
  std::vector<std::thread> producers;
  for (int t = 0; t < kThreads; ++t) {
    producers.emplace_back([&queue, t] {
      for (int i = 0; i < kEach; ++i) {
        QueuedEntry queued = Queued("");
        queued.entry.session_epoch = static_cast<uint64_t>(t);
        queued.entry.sequence = static_cast<uint64_t>(i);
        queue.Push(std::move(queued));
      }
    });
  }
  std::vector<uint64_t> next(kThreads);
  int taken = 0;
  CommitGroup group;
  while (taken < kThreads * kEach) {
    ASSERT_TRUE(queue.Take(kNoLimit, absl::InfiniteFuture(), &group));
    for (const QueuedEntry& queued : group.entries) {
      EXPECT_EQ(queued.entry.sequence, next[queued.entry.session_epoch]++);
    }
    taken += static_cast<int>(group.entries.size());
  }
  for (std::thread& producer : producers) producer.join();
  queue.TakeAll(&group);
  EXPECT_TRUE(group.empty());
}

QueuedLookup LookupOf(uint8_t producer) {
  return {.producer = {producer}, .epoch = 1, .found = nullptr};
}

std::vector<int> Producers(const CommitGroup& group) {
  std::vector<int> producers;
  for (const QueuedLookup& lookup : group.lookups) {
    producers.push_back(lookup.producer[0]);
  }
  return producers;
}

// Goal: a lookup sees every entry queued before it. Method: groups of one
// entry.
TEST(CommitQueueTest, ALookupComesWithTheLastEntryBeforeIt) {
  CommitQueue queue;
  queue.Push(LookupOf(1));
  queue.Push(Queued("a"));
  queue.Push(Queued("b"));
  queue.Push(LookupOf(2));
  queue.Push(LookupOf(3));
  queue.Push(Queued("c"));
  CommitGroup group;
  ASSERT_TRUE(queue.Take(1, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("a"));
  EXPECT_THAT(Producers(group), ElementsAre(1));
  ASSERT_TRUE(queue.Take(1, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("b"));
  EXPECT_THAT(Producers(group), ElementsAre(2, 3));
  ASSERT_TRUE(queue.Take(1, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Payloads(group), ElementsAre("c"));
  EXPECT_THAT(Producers(group), IsEmpty());
}

TEST(CommitQueueTest, ALookupAloneIsAGroup) {
  CommitQueue queue;
  queue.Push(LookupOf(1));
  CommitGroup group;
  ASSERT_TRUE(queue.Take(kNoLimit, absl::InfiniteFuture(), &group));
  EXPECT_THAT(Producers(group), ElementsAre(1));
  queue.Close();
  EXPECT_FALSE(queue.Push(LookupOf(2)));
  EXPECT_FALSE(queue.Take(kNoLimit, absl::InfiniteFuture(), &group));
}

}  // namespace
}  // namespace logboom
