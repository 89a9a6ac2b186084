#ifndef LOGBOOM_SERVER_JOURNAL_COMMIT_QUEUE_H_
#define LOGBOOM_SERVER_JOURNAL_COMMIT_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/journal/journal.h"
#include "server/journal/pending_entry.h"

namespace logboom {

// An entry on its way to the disk.
struct QueuedEntry {
  PendingEntry entry;
  AckDepth depth = AckDepth::kSynced;
  Journal::Done done;  // empty once called
};

// A question about a producer, to be answered when all entries queued before it
// are synced.
struct QueuedLookup {
  ProducerId producer{};
  uint64_t epoch = 0;
  Journal::LastSequence found;
};

// What the journal's thread deals with at once.
struct CommitGroup {
  std::vector<QueuedEntry> entries;
  // To be answered behind all of the entries.
  std::vector<QueuedLookup> lookups;

  bool empty() const { return entries.empty() && lookups.empty(); }
  void clear() {
    entries.clear();
    lookups.clear();
  }
};

// What waits for the journal's thread, which takes all there is at once: the
// more entries wait, the larger a group one write and one sync serve. Bounded
// by Ingest, not here.
//
// Thread-safe: any number of producers, one consumer.
class CommitQueue {
 public:
  // False after Close(): the argument is untouched.
  bool Push(QueuedEntry&& entry) ABSL_LOCKS_EXCLUDED(mu_);
  bool Push(QueuedLookup&& lookup) ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for an entry or a lookup, until `deadline` or Close(), then moves the
  // oldest entries into `group` (emptied first): as many as come to at most
  // `max_bytes`, one at least; and the lookups with no entry left before them.
  // None when the deadline passed first. False when closed and empty.
  bool Take(size_t max_bytes, absl::Time deadline, CommitGroup* group)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Moves all there is into `group` (emptied first) without waiting.
  void TakeAll(CommitGroup* group) ABSL_LOCKS_EXCLUDED(mu_);

  // Refuses more from now on; what is inside can still be taken.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct WaitingLookup {
    QueuedLookup lookup;
    uint64_t behind = 0;  // so many entries, of all ever pushed
  };

  bool EmptyLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return waiting_.empty() && lookups_.empty();
  }
  // How many of the oldest entries come to `max_bytes`.
  size_t GroupSizeLocked(size_t max_bytes) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeEntriesLocked(size_t count, std::vector<QueuedEntry>* entries)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeLookupsLocked(std::vector<QueuedLookup>* lookups)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  Mutex mu_;
  CondVar changed_;  // no longer empty, or closed_
  std::vector<QueuedEntry> waiting_ ABSL_GUARDED_BY(mu_);
  std::deque<WaitingLookup> lookups_ ABSL_GUARDED_BY(mu_);
  uint64_t taken_ ABSL_GUARDED_BY(mu_) = 0;  // entries ever
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_COMMIT_QUEUE_H_
