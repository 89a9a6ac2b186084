#ifndef LOGBOOM_TESTS_TESTING_FAKE_JOURNAL_H_
#define LOGBOOM_TESTS_TESTING_FAKE_JOURNAL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "server/journal/journal.h"

namespace logboom {

// A journal in memory whose appends complete when the test says so, in the
// order it says: what a server does between "received" and "stored" can be
// looked at for as long as the test likes.
//
// Appends are numbered from 0 in the order they came, lookups
// (FindLastSequence) likewise. A lookup is answered as the real journal does
// it, when every append before it is over, with the greatest sequence completed
// for its producer and epoch; after HoldLookups() it is the test that answers.
//
// Waits give up after a minute, longer than any machine should need, and return
// false: the test has failed. Thread-safe.
class FakeJournal final : public Journal {
 public:
  FakeJournal() = default;
  // Every `done` and `found` must have been called: Stop() calls what is left.
  ~FakeJournal() override;

  // Waits until `count` appends have come in all.
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

  // Stops the next call of Append at its entrance, before its entry counts as
  // come, until LetAppendIn(). WaitForAppendAtTheDoor: it is there.
  void StopNextAppendAtTheDoor() ABSL_LOCKS_EXCLUDED(mu_);
  bool WaitForAppendAtTheDoor() ABSL_LOCKS_EXCLUDED(mu_);
  void LetAppendIn() ABSL_LOCKS_EXCLUDED(mu_);

  // From now on lookups wait for AnswerLookup.
  void HoldLookups() ABSL_LOCKS_EXCLUDED(mu_);
  bool WaitForLookups(size_t count) ABSL_LOCKS_EXCLUDED(mu_);
  size_t lookups() const ABSL_LOCKS_EXCLUDED(mu_);
  // How many appends had come before it.
  size_t appends_before_lookup(size_t index) const ABSL_LOCKS_EXCLUDED(mu_);
  // Calls its `found` on this thread.
  void AnswerLookup(size_t index, absl::StatusOr<uint64_t> last_sequence)
      ABSL_LOCKS_EXCLUDED(mu_);

  void Append(PendingEntry entry, AckDepth depth, Done done) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void FindLastSequence(const ProducerId& producer, uint64_t epoch,
                        LastSequence found) override ABSL_LOCKS_EXCLUDED(mu_);
  // Has no cursors.
  absl::StatusOr<std::unique_ptr<Cursor>> OpenCursor(
      const std::string& name) override;
  // The records of all appends.
  Offset synced_head() const override ABSL_LOCKS_EXCLUDED(mu_);
  // Has no readers: returns null.
  std::unique_ptr<JournalReader> NewReader(Offset from) override;
  // Completes what waits, and answers the lookups; later ones fail with
  // FAILED_PRECONDITION.
  void Stop() override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  enum class Door { kOpen, kStopsNext, kSomeoneWaits };
  struct Kept {
    PendingEntry entry;
    AckDepth depth;
    Offset offset;
    Done done;          // null once called
    bool over = false;  // `done` has returned
  };
  struct Lookup {
    ProducerId producer;
    uint64_t epoch;
    size_t appends_before;
    LastSequence found;  // null once called
  };

  void EnterLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Calls the append's `done`, unless that was done before, and what lookups
  // can be answered then.
  void End(size_t index, absl::Status status) ABSL_LOCKS_EXCLUDED(mu_);
  void NoteStoredLocked(const PendingEntry& entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void CompleteWaiting() ABSL_LOCKS_EXCLUDED(mu_);
  void AnswerDueLookups() ABSL_LOCKS_EXCLUDED(mu_);
  // The first lookup to be answered now.
  std::vector<Lookup>::iterator DueLookupLocked()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable Mutex mu_;
  CondVar changed_;
  std::vector<Kept> kept_ ABSL_GUARDED_BY(mu_);
  std::vector<Lookup> lookups_ ABSL_GUARDED_BY(mu_);
  std::map<std::pair<ProducerId, uint64_t>, uint64_t> last_sequences_
      ABSL_GUARDED_BY(mu_);
  Offset head_ ABSL_GUARDED_BY(mu_) = 0;
  Door door_ ABSL_GUARDED_BY(mu_) = Door::kOpen;
  bool at_once_ ABSL_GUARDED_BY(mu_) = false;
  bool holds_lookups_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_FAKE_JOURNAL_H_
