#ifndef LOGBOOM_CLIENT_SERIAL_RUNNER_H_
#define LOGBOOM_CLIENT_SERIAL_RUNNER_H_

#include <deque>

#include "absl/functional/any_invocable.h"
#include "base/mutex.h"

namespace logboom {

// Runs tasks one at a time, in the order they were added, on the threads that
// add them and with no lock held: gRPC calls back on several threads at once,
// and a session's owner must see one event after the other. Has no thread and
// no bound of its own: whoever adds tasks limits how many can be pending.
//
// Thread-safe.
class SerialRunner {
 public:
  // Runs `task`, and what others add meanwhile; or leaves it to the thread that
  // is running tasks now, which may be this one, further up its stack.
  void Run(absl::AnyInvocable<void()> task) ABSL_LOCKS_EXCLUDED(mu_);

  // Returns when no task is pending or running and all are destroyed. Not from
  // within a task.
  void WaitUntilIdle() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  Mutex mu_;
  CondVar idle_;  // signalled when running_ becomes false
  std::deque<absl::AnyInvocable<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  bool running_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SERIAL_RUNNER_H_
