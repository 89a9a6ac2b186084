#ifndef LOGBOOM_SERVER_JOURNAL_COMMIT_QUEUE_H_
#define LOGBOOM_SERVER_JOURNAL_COMMIT_QUEUE_H_

#include <cstddef>
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

// Entries that wait for the journal's thread, which takes all there are at
// once: the more wait, the larger a group one write and one sync serve. Bounded
// by Ingest, not here.
//
// Thread-safe: any number of producers, one consumer.
class CommitQueue {
 public:
  // False after Close(): `entry` is untouched.
  bool Push(QueuedEntry&& entry) ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for an entry, until `deadline` or Close(), then moves the oldest ones
  // into `group` (emptied first): as many as come to at most `max_bytes`, one
  // at least. None when the deadline passed first. False when closed and empty.
  bool Take(size_t max_bytes, absl::Time deadline,
            std::vector<QueuedEntry>* group) ABSL_LOCKS_EXCLUDED(mu_);

  // Moves all there is into `group` (emptied first) without waiting.
  void TakeAll(std::vector<QueuedEntry>* group) ABSL_LOCKS_EXCLUDED(mu_);

  // Refuses entries from now on; those inside can still be taken.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // How many of the oldest entries come to `max_bytes`.
  size_t GroupSizeLocked(size_t max_bytes) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  Mutex mu_;
  CondVar changed_;  // waiting_ is no longer empty, or closed_
  std::vector<QueuedEntry> waiting_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_COMMIT_QUEUE_H_
