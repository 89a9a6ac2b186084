#include "client/sender_board.h"

namespace logboom {

int64_t SenderBoard::RequestFlush() {
  int64_t ticket;
  {
    MutexLock lock(&mu_);
    ticket = ++requests_.flush;
  }
  wake_();
  return ticket;
}

void SenderBoard::RequestStop(absl::Time deadline) {
  {
    MutexLock lock(&mu_);
    requests_.stop = deadline;
    ++requests_.flush;
  }
  wake_();
}

SenderBoard::State SenderBoard::state() const {
  MutexLock lock(&mu_);
  return state_;
}

bool SenderBoard::stopped() const {
  MutexLock lock(&mu_);
  return state_.stopped;
}

bool SenderBoard::WaitUntil(
    absl::Time deadline,
    absl::FunctionRef<bool(const State&)> condition) const {
  MutexLock lock(&mu_);
  while (!condition(state_)) {
    if (!changed_.WaitUntil(&mu_, deadline)) return condition(state_);
  }
  return true;
}

SenderBoard::Requests SenderBoard::requests() const {
  MutexLock lock(&mu_);
  return requests_;
}

void SenderBoard::Update(absl::FunctionRef<void(State&)> change) {
  MutexLock lock(&mu_);
  change(state_);
  changed_.NotifyAll();
}

}  // namespace logboom
