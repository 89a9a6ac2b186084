#include "server/journal/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace logboom {

bool CommitQueue::Push(QueuedEntry&& entry) {
  MutexLock lock(&mu_);
  if (closed_) return false;
  waiting_.push_back(std::move(entry));
  // The consumer sleeps only when it is empty.
  if (waiting_.size() == 1) changed_.NotifyOne();
  return true;
}

bool CommitQueue::Take(size_t max_bytes, absl::Time deadline,
                       std::vector<QueuedEntry>* group) {
  group->clear();
  MutexLock lock(&mu_);
  while (waiting_.empty() && !closed_) {
    if (!changed_.WaitUntil(&mu_, deadline)) break;
  }
  const size_t taken = GroupSizeLocked(max_bytes);
  if (taken == waiting_.size()) {
    // The usual case; both vectors keep their memory.
    waiting_.swap(*group);
    return !group->empty() || !closed_;
  }
  const auto end = waiting_.begin() + static_cast<ptrdiff_t>(taken);
  group->assign(std::make_move_iterator(waiting_.begin()),
                std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return true;
}

void CommitQueue::TakeAll(std::vector<QueuedEntry>* group) {
  group->clear();
  MutexLock lock(&mu_);
  waiting_.swap(*group);
}

void CommitQueue::Close() {
  MutexLock lock(&mu_);
  closed_ = true;
  changed_.NotifyAll();
}

size_t CommitQueue::GroupSizeLocked(size_t max_bytes) const {
  size_t bytes = 0;
  size_t count = 0;
  for (const QueuedEntry& queued : waiting_) {
    bytes += queued.entry.size_bytes();
    if (count > 0 && bytes > max_bytes) break;
    ++count;
  }
  return count;
}

}  // namespace logboom
