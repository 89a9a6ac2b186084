#ifndef LOGBOOM_TESTS_BENCH_JOURNAL_FILLER_H_
#define LOGBOOM_TESTS_BENCH_JOURNAL_FILLER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/journal/journal.h"

namespace logboom {

// Makes large journals, and producers by the hundred thousand, without a
// server.
//
// One thread.
class JournalFiller {
 public:
  // Opens or creates the journal in `folder`; it is closed by the destructor.
  static absl::StatusOr<std::unique_ptr<JournalFiller>> Open(
      const std::string& folder, int64_t segment_bytes);

  // One record of each of so many producers never heard of before.
  absl::Status AddProducers(int producers);

  // About `bytes` of entries of one producer, `batch_records` records each.
  absl::Status AddBytes(int64_t bytes, int batch_records);

  // As many as the newest segment takes.
  absl::Status FillSegment(int batch_records);

  // One entry that leaves the newest segment with less room than AppendOne
  // takes.
  absl::Status PlugSegment();

  // One small entry; how long until it was synced.
  absl::StatusOr<absl::Duration> AppendOne();

 private:
  // What was appended and not answered, so that a large journal does not queue
  // as a whole.
  class Answers {
   public:
    Journal::Done Expect() ABSL_LOCKS_EXCLUDED(mu_);
    absl::Status WaitForAll() ABSL_LOCKS_EXCLUDED(mu_);

   private:
    void Take(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);

    Mutex mu_;
    CondVar changed_;  // signalled when waiting_ shrinks
    int waiting_ ABSL_GUARDED_BY(mu_) = 0;
    absl::Status failure_ ABSL_GUARDED_BY(mu_);
  };

  JournalFiller(std::string folder, int64_t segment_bytes);
  void Append(const ProducerId& producer, uint64_t sequence, int records,
              absl::Cord payload);
  absl::Status AddEntries(int64_t entries, int batch_records);
  // Of entries in the newest segment; all of it when there is none.
  absl::StatusOr<int64_t> BytesLeft() const;

  const std::string folder_;
  const int64_t segment_bytes_;
  Answers answers_;
  uint64_t last_producer_ = 0;
  uint64_t last_sequence_ = 0;
  std::unique_ptr<Journal> journal_;  // goes first: it answers into answers_
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_JOURNAL_FILLER_H_
