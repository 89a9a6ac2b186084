#include "client/session_inbox.h"

namespace logboom {

SessionNews SessionInbox::Take() {
  MutexLock lock(&mu_);
  return std::exchange(news_, SessionNews());
}

void SessionInbox::OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) {
  {
    MutexLock lock(&mu_);
    news_.opened = {last_sequence, max_batch_bytes};
  }
  wake_();
}

void SessionInbox::OnAck(uint64_t sequence) {
  {
    MutexLock lock(&mu_);
    news_.acked = sequence;
  }
  wake_();
}

void SessionInbox::OnRejected(uint64_t sequence, const absl::Status& why) {
  {
    MutexLock lock(&mu_);
    news_.rejected.emplace_back(sequence, why);
  }
  wake_();
}

void SessionInbox::OnLevels(uint64_t version,
                            const std::vector<PushedLevel>& levels) {
  {
    MutexLock lock(&mu_);
    news_.levels = {version, levels};
  }
  wake_();
}

void SessionInbox::OnDrain(absl::Duration retry_after) {
  {
    MutexLock lock(&mu_);
    news_.drain = retry_after;
  }
  wake_();
}

void SessionInbox::OnClosed(const absl::Status& why) {
  {
    MutexLock lock(&mu_);
    news_.closed = why;
  }
  wake_();
}

}  // namespace logboom
