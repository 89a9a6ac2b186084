#include "client/serial_runner.h"

#include <utility>

namespace logboom {

void SerialRunner::Run(absl::AnyInvocable<void()> task) {
  mu_.Lock();
  tasks_.push_back(std::move(task));
  if (running_) {
    mu_.Unlock();
    return;
  }
  running_ = true;
  while (!tasks_.empty()) {
    absl::AnyInvocable<void()> next = std::move(tasks_.front());
    tasks_.pop_front();
    mu_.Unlock();
    next();
    next = nullptr;  // what it holds goes before it counts as done
    mu_.Lock();
  }
  running_ = false;
  idle_.NotifyAll();
  mu_.Unlock();
}

void SerialRunner::WaitUntilIdle() {
  MutexLock lock(&mu_);
  while (running_) idle_.Wait(&mu_);
}

}  // namespace logboom
