#ifndef LOGBOOM_TESTS_FAULT_JOURNAL_LIFE_H_
#define LOGBOOM_TESTS_FAULT_JOURNAL_LIFE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "server/journal/journal.h"
#include "tests/fault/journal_story.h"
#include "tests/testing/power_cut_file_system.h"

namespace logboom {

// One server's life over a PowerCutFileSystem: a journal in folder "journal",
// and a test that decides which entries are committed together. The only user
// of the file system's SetFault().
//
// Not thread-safe.
class JournalLife {
 public:
  // `files` and `story` must outlive it.
  JournalLife(PowerCutFileSystem* files, JournalStory* story);
  ~JournalLife() { Close(); }

  // Opens the journal. An error is fine only where the world has stopped.
  absl::Status Open(const JournalOptions& options);

  // Fails the test unless what is there is what the story says.
  void ExpectStoryHolds(const std::vector<ProducerLife>& sessions);

  // What each of the sessions is told when it opens; empty when the world has
  // stopped.
  LastSequences Find(const std::vector<ProducerLife>& sessions);

  // One call to the disk fails with EIO during every other Append; which one,
  // the seed says.
  void FailSomeCalls(uint64_t seed) ABSL_LOCKS_EXCLUDED(mu_);

  // Appends these entries of the story: the first alone, the others in one
  // group behind it; `lost` records are counted in the ledger between the two.
  // Returns when the journal is done with them, or the world has stopped.
  // False: something was refused, for the sessions to send again.
  bool Append(const std::vector<size_t>& indexes, uint64_t lost);

  // Ends the server and tells the story what was answered.
  void Close();

  Journal& journal() { return *journal_; }

 private:
  // Before each changing call: holds it where a group is being gathered, or
  // lets it fail.
  absl::Status OnCall(absl::string_view path) ABSL_LOCKS_EXCLUDED(mu_);
  // Holds the journal's thread at its first call for this entry.
  void AppendAndHold(size_t index) ABSL_LOCKS_EXCLUDED(mu_);
  void Release() ABSL_LOCKS_EXCLUDED(mu_);
  void AppendOne(size_t index);
  // Tries until the disk is well again. An error: the world has stopped.
  absl::StatusOr<uint64_t> FindLastSequence(const ProducerLife& producer)
      ABSL_LOCKS_EXCLUDED(mu_);
  JournalImage Read();

  PowerCutFileSystem& files_;
  JournalStory& story_;
  std::unique_ptr<Journal> journal_;
  size_t appended_ = 0;
  Mutex mu_;
  CondVar changed_;
  bool armed_ ABSL_GUARDED_BY(mu_) = false;  // hold the next call
  bool held_ ABSL_GUARDED_BY(mu_) = false;   // a call waits
  std::optional<std::mt19937_64> faults_ ABSL_GUARDED_BY(mu_);
  int appends_ ABSL_GUARDED_BY(mu_) = 0;
  int calls_to_fault_ ABSL_GUARDED_BY(mu_) = -1;  // negative: none to come
  bool failed_ ABSL_GUARDED_BY(mu_) = false;
  std::map<size_t, absl::StatusOr<Offset>> answers_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_JOURNAL_LIFE_H_
