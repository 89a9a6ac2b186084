// Goal: tasks run one after the other in their order, and each that was taken
// is run, whenever the end comes.

#include "server/control/task_thread.h"

#include <gtest/gtest.h>

#include <vector>

#include "absl/time/clock.h"
#include "base/mutex.h"

namespace logboom {
namespace {

// Holds a task at its place. Thread-safe.
class Turnstile {
 public:
  void Pass() {
    MutexLock lock(&mu_);
    arrived_ = true;
    changed_.NotifyAll();
    while (!open_) changed_.Wait(&mu_);
  }
  bool WaitForArrival() {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    MutexLock lock(&mu_);
    while (!arrived_ && changed_.WaitUntil(&mu_, deadline)) {
    }
    return arrived_;
  }
  void Open() {
    MutexLock lock(&mu_);
    open_ = true;
    changed_.NotifyAll();
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool arrived_ ABSL_GUARDED_BY(mu_) = false;
  bool open_ ABSL_GUARDED_BY(mu_) = false;
};

TEST(TaskThreadTest, RunsInOrderAndAllOfIt) {
  std::vector<int> ran;
  TaskThread thread;
  Turnstile turnstile;
  ASSERT_TRUE(thread.Add([&] { turnstile.Pass(); }).ok());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(thread.Add([&ran, i] { ran.push_back(i); }).ok());
  }
  turnstile.Open();
  thread.Stop();
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(thread.Add([] {}).code(), absl::StatusCode::kUnavailable);
  thread.Stop();
}

TEST(TaskThreadTest, TakesSoManyAndNoMore) {
  Turnstile turnstile;
  size_t ran = 0;
  TaskThread thread;
  ASSERT_TRUE(thread.Add([&] { turnstile.Pass(); }).ok());
  ASSERT_TRUE(turnstile.WaitForArrival());
  for (size_t i = 0; i < TaskThread::kMaxWaiting; ++i) {
    ASSERT_TRUE(thread.Add([&ran] { ++ran; }).ok());
  }
  EXPECT_EQ(thread.Add([&ran] { ++ran; }).code(),
            absl::StatusCode::kResourceExhausted);
  turnstile.Open();
  thread.Stop();
  EXPECT_EQ(ran, TaskThread::kMaxWaiting);
}

}  // namespace
}  // namespace logboom
