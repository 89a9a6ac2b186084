#include "server/journal/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace logboom {

bool CommitQueue::Push(QueuedEntry&& entry) {
  MutexLock lock(&mu_);
  if (closed_) return false;
  // The consumer sleeps only when there is nothing.
  if (EmptyLocked()) changed_.NotifyOne();
  waiting_.push_back(std::move(entry));
  return true;
}

bool CommitQueue::Push(QueuedLookup&& lookup) {
  MutexLock lock(&mu_);
  if (closed_) return false;
  if (EmptyLocked()) changed_.NotifyOne();
  lookups_.push_back({std::move(lookup), taken_ + waiting_.size()});
  return true;
}

bool CommitQueue::Take(size_t max_bytes, absl::Time deadline,
                       CommitGroup* group) {
  group->clear();
  MutexLock lock(&mu_);
  while (EmptyLocked() && !closed_) {
    if (!changed_.WaitUntil(&mu_, deadline)) break;
  }
  TakeEntriesLocked(GroupSizeLocked(max_bytes), &group->entries);
  TakeLookupsLocked(&group->lookups);
  return !group->empty() || !closed_;
}

void CommitQueue::TakeAll(CommitGroup* group) {
  group->clear();
  MutexLock lock(&mu_);
  TakeEntriesLocked(waiting_.size(), &group->entries);
  TakeLookupsLocked(&group->lookups);
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

void CommitQueue::TakeEntriesLocked(size_t count,
                                    std::vector<QueuedEntry>* entries) {
  taken_ += count;
  if (count == waiting_.size()) {
    // The usual case; both vectors keep their memory.
    waiting_.swap(*entries);
    return;
  }
  const auto end = waiting_.begin() + static_cast<ptrdiff_t>(count);
  entries->assign(std::make_move_iterator(waiting_.begin()),
                  std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
}

void CommitQueue::TakeLookupsLocked(std::vector<QueuedLookup>* lookups) {
  while (!lookups_.empty() && lookups_.front().behind <= taken_) {
    lookups->push_back(std::move(lookups_.front().lookup));
    lookups_.pop_front();
  }
}

}  // namespace logboom
