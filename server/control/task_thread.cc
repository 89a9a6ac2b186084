#include "server/control/task_thread.h"

#include <utility>

#include "base/named_thread.h"

namespace logboom {

TaskThread::TaskThread() {
  MutexLock lock(&stop_mu_);
  thread_ = NamedThread("journal tasks", [this] { Run(); });
}

TaskThread::~TaskThread() { Stop(); }

absl::Status TaskThread::Add(absl::AnyInvocable<void()> task) {
  MutexLock lock(&mu_);
  if (stopping_) return absl::UnavailableError("the server is stopping");
  if (tasks_.size() >= kMaxWaiting) {
    return absl::ResourceExhaustedError("too many such calls wait: try later");
  }
  tasks_.push_back(std::move(task));
  wake_.NotifyAll();
  return absl::OkStatus();
}

void TaskThread::Stop() {
  {
    MutexLock lock(&mu_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  MutexLock lock(&stop_mu_);
  if (thread_.joinable()) thread_.join();
}

void TaskThread::Run() {
  while (true) {
    absl::AnyInvocable<void()> task;
    {
      MutexLock lock(&mu_);
      while (tasks_.empty() && !stopping_) wake_.Wait(&mu_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace logboom
