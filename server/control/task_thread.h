#ifndef LOGBOOM_SERVER_CONTROL_TASK_THREAD_H_
#define LOGBOOM_SERVER_CONTROL_TASK_THREAD_H_

#include <cstddef>
#include <deque>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "base/mutex.h"

namespace logboom {

// Runs what takes long, one task after the other, on a thread of its own.
// Thread-safe.
class TaskThread {
 public:
  static constexpr size_t kMaxWaiting = 16;

  TaskThread();
  ~TaskThread();  // Stop()s

  // Errors: RESOURCE_EXHAUSTED, kMaxWaiting wait; UNAVAILABLE, after Stop().
  absl::Status Add(absl::AnyInvocable<void()> task) ABSL_LOCKS_EXCLUDED(mu_);

  // Runs what waits, and ends the thread. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);

  Mutex mu_;
  CondVar wake_;
  std::deque<absl::AnyInvocable<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  Mutex stop_mu_;
  std::thread thread_ ABSL_GUARDED_BY(stop_mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_TASK_THREAD_H_
