#ifndef LOGBOOM_TESTS_FAULT_PUBLISH_PRODUCER_H_
#define LOGBOOM_TESTS_FAULT_PUBLISH_PRODUCER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "tests/fault/batch_maker.h"
#include "tests/fault/findings.h"
#include "tests/fault/server_board.h"

namespace logboom {

// A program that publishes at full speed, keeps what is not acknowledged, and
// resumes by sequence, with the same producer id and epoch, whenever its stream
// ends. After some tens of thousands of records on one stream it goes on at a
// walk, so that a long run fills no disk. At times it grows impatient and opens
// a stream while the one before is still up. It finds whatever the server says
// that cannot be true.
//
// Batches are made and sent on gRPC's threads, streams opened on its own.
class PublishProducer {
 public:
  struct Options {
    int number = 0;
    bool synced = true;
    uint64_t seed = 0;
  };
  struct Totals {
    MadeCounts made;
    uint64_t acknowledged_records = 0;
    uint64_t last_sequence = 0;
    int opened_streams = 0;
    int fenced_streams = 0;
    uint64_t resent_batches = 0;
  };

  // Both must outlive it.
  PublishProducer(const Options& options, const ServerBoard* board,
                  Findings* findings);
  // Ends its streams, finished or not.
  ~PublishProducer();
  void Start();

  // Makes nothing new from now on; sends what is not acknowledged.
  void Finish() ABSL_LOCKS_EXCLUDED(mu_);
  // Waits until, after Finish, all is acknowledged and the stream has ended.
  // It is a finding when that is not so by `deadline`.
  void Join(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);

  RecordSource source() const;
  Totals totals() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  class Stream;

  // On its own thread.
  void Run();
  // Opens a stream and, out of impatience, others after it; returns when the
  // last one has ended.
  void RunStreams(const std::string& server) ABSL_LOCKS_EXCLUDED(mu_);
  std::unique_ptr<Stream> Open(const std::string& server)
      ABSL_LOCKS_EXCLUDED(mu_);
  // True: it ended; false: patience did. Meanwhile it walks.
  bool WaitForEnd(const Stream& stream) ABSL_LOCKS_EXCLUDED(mu_);
  void WalkLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void WaitUntilFenced(const Stream& stream) ABSL_LOCKS_EXCLUDED(mu_);
  void JudgeEnd(const absl::Status& why);

  // Events of a stream. All are taken that can still be true of an older one.
  void OnOpened(Stream* stream, uint64_t last_sequence)
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnWritable(Stream* stream) ABSL_LOCKS_EXCLUDED(mu_);
  void OnAck(Stream* stream, uint64_t sequence) ABSL_LOCKS_EXCLUDED(mu_);
  void OnRejected(uint64_t sequence, const absl::Status& why)
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnClosed(Stream* stream, const absl::Status& why)
      ABSL_LOCKS_EXCLUDED(mu_);

  void SettleLocked(uint64_t sequence) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SendLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The next batch for the current stream; null: there is none now.
  const SentBatch* NextLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Find(absl::string_view what, absl::string_view example);

  const Options options_;
  const std::string producer_id_;
  const ServerBoard& board_;
  Findings& findings_;
  std::mt19937_64 random_;  // its own thread's
  std::thread thread_;

  mutable Mutex mu_;
  CondVar changed_;  // a stream ended, all is done, or Finish
  BatchMaker maker_ ABSL_GUARDED_BY(mu_);
  // Not acknowledged, by sequence.
  std::map<uint64_t, SentBatch> kept_ ABSL_GUARDED_BY(mu_);
  size_t kept_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t acknowledged_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t greatest_sent_ ABSL_GUARDED_BY(mu_) = 0;
  Stream* current_ ABSL_GUARDED_BY(mu_) = nullptr;
  // The last one sent on the current stream, or settled before it.
  uint64_t sent_on_current_ ABSL_GUARDED_BY(mu_) = 0;
  // Records it may make; more by and by when it has come to a walk.
  uint64_t allowed_records_ ABSL_GUARDED_BY(mu_) = 0;
  bool finishing_ ABSL_GUARDED_BY(mu_) = false;
  bool abandoned_ ABSL_GUARDED_BY(mu_) = false;  // the destructor runs
  bool done_ ABSL_GUARDED_BY(mu_) = false;
  Totals totals_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_PUBLISH_PRODUCER_H_
