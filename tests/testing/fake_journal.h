#ifndef LOGBOOM_TESTS_TESTING_FAKE_JOURNAL_H_
#define LOGBOOM_TESTS_TESTING_FAKE_JOURNAL_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "server/journal/journal.h"

namespace logboom {

// A journal in memory whose appends complete when the test says so, in the
// order it says: what a server does between "received" and "stored" can be
// looked at for as long as the test likes.
//
// Appends are numbered from 0 in the order they came. Thread-safe.
class FakeJournal final : public Journal {
 public:
  FakeJournal() = default;
  // Every `done` must have been called: Complete them or Stop() first.
  ~FakeJournal() override;

  // Waits until `count` appends have come in all. False when that takes longer
  // than any machine should need (a minute): the test has failed.
  bool WaitForAppends(size_t count) ABSL_LOCKS_EXCLUDED(mu_);

  // How many have come.
  size_t appends() const ABSL_LOCKS_EXCLUDED(mu_);
  // What came, and how far it was to be stored.
  PendingEntry entry(size_t index) const ABSL_LOCKS_EXCLUDED(mu_);
  AckDepth depth(size_t index) const ABSL_LOCKS_EXCLUDED(mu_);

  // Calls the append's `done` on this thread: stored, at an offset that follows
  // from the records before it; or failed. Once for each append.
  void Complete(size_t index) ABSL_LOCKS_EXCLUDED(mu_);
  void Fail(size_t index, absl::Status status) ABSL_LOCKS_EXCLUDED(mu_);

  // From now on appends complete at once, on the thread that makes them; those
  // that wait complete now, in their order.
  void CompleteAllFromNowOn() ABSL_LOCKS_EXCLUDED(mu_);

  void Append(PendingEntry entry, AckDepth depth, Done done) override
      ABSL_LOCKS_EXCLUDED(mu_);
  // Answers at once with what SetLastSequence gave, or 0.
  void FindLastSequence(const ProducerId& producer, uint64_t epoch,
                        LastSequence found) override;
  // Has no cursors.
  absl::StatusOr<std::unique_ptr<Cursor>> OpenCursor(
      const std::string& name) override;
  // The records of all appends.
  Offset synced_head() const override ABSL_LOCKS_EXCLUDED(mu_);
  // Has no readers: returns null.
  std::unique_ptr<JournalReader> NewReader(Offset from) override;
  // Completes what waits; later appends fail with FAILED_PRECONDITION.
  void Stop() override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Kept {
    PendingEntry entry;
    AckDepth depth;
    Offset offset;
    Done done;  // null once called
  };

  void CountStored(const PendingEntry& entry);
  Done TakeDone(size_t index, Offset* offset) ABSL_LOCKS_EXCLUDED(mu_);
  void CompleteWaiting() ABSL_LOCKS_EXCLUDED(mu_);

  mutable Mutex mu_;
  CondVar appended_;
  std::vector<Kept> kept_ ABSL_GUARDED_BY(mu_);
  Offset head_ ABSL_GUARDED_BY(mu_) = 0;
  bool at_once_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_FAKE_JOURNAL_H_
