#include "base/mutex.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace logboom {
namespace {

struct Counter {
  Mutex mu;
  CondVar changed;
  int value ABSL_GUARDED_BY(mu) = 0;
};

TEST(MutexTest, OneThreadAtATimeIsInside) {
  Counter counter;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&counter] {
      for (int i = 0; i < 10'000; ++i) {
        MutexLock lock(&counter.mu);
        ++counter.value;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  MutexLock lock(&counter.mu);
  EXPECT_EQ(counter.value, 40'000);
}

TEST(CondVarTest, WaitReturnsHoldingTheLockWhenNotified) {
  Counter counter;
  std::thread other([&counter] {
    for (int turn = 1; turn < 1000; turn += 2) {
      MutexLock lock(&counter.mu);
      while (counter.value != turn) counter.changed.Wait(&counter.mu);
      ++counter.value;
      counter.changed.NotifyOne();
    }
  });
  for (int turn = 0; turn < 1000; turn += 2) {
    MutexLock lock(&counter.mu);
    while (counter.value != turn) counter.changed.Wait(&counter.mu);
    ++counter.value;
    counter.changed.NotifyOne();
  }
  other.join();
  MutexLock lock(&counter.mu);
  EXPECT_EQ(counter.value, 1000);
}

TEST(CondVarTest, NotifyAllWakesEveryWaiter) {
  Counter counter;
  std::vector<std::thread> waiters;
  for (int t = 0; t < 4; ++t) {
    waiters.emplace_back([&counter] {
      MutexLock lock(&counter.mu);
      while (counter.value == 0) counter.changed.Wait(&counter.mu);
    });
  }
  {
    MutexLock lock(&counter.mu);
    counter.value = 1;
    counter.changed.NotifyAll();
  }
  for (std::thread& waiter : waiters) waiter.join();
}

TEST(CondVarTest, WaitUntilGivesUpAtADeadlineThatHasPassed) {
  Counter counter;
  MutexLock lock(&counter.mu);
  EXPECT_FALSE(counter.changed.WaitUntil(&counter.mu, absl::InfinitePast()));
  EXPECT_FALSE(
      counter.changed.WaitUntil(&counter.mu, absl::Now() - absl::Seconds(1)));
  counter.value = 1;  // still locked: Clang's analysis and TSan both see it
}

TEST(CondVarTest, WaitUntilReturnsTrueWhenNotifiedInTime) {
  for (const absl::Time deadline :
       {absl::InfiniteFuture(), absl::Now() + absl::Hours(1)}) {
    Counter counter;
    std::thread other([&counter] {
      MutexLock lock(&counter.mu);
      counter.value = 1;
      counter.changed.NotifyOne();
    });
    {
      MutexLock lock(&counter.mu);
      while (counter.value == 0) {
        EXPECT_TRUE(counter.changed.WaitUntil(&counter.mu, deadline));
      }
    }
    other.join();
  }
}

}  // namespace
}  // namespace logboom
