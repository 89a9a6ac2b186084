#ifndef LOGBOOM_TESTS_BENCH_BATCH_STREAM_H_
#define LOGBOOM_TESTS_BENCH_BATCH_STREAM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/session.h"

namespace logboom {

// One Publish stream that sends the same batch over and over, or several in
// turns: as far as its owner allows, and no more at once than its bound.
//
// Thread-safe.
class BatchStream : private SessionEvents {
 public:
  struct Options {
    std::string server;  // host:port
    bool synced = true;  // the depth of the acks
    // Batches sent and not acknowledged; 0: no bound but the server's.
    uint64_t max_in_flight = 0;
    // A stream that ends is opened again at once, and goes on behind what is
    // stored.
    bool reopens = false;
    // Called with each batch before it is handed on, again when that was not
    // taken; may be empty. It must not block, nor call this object.
    absl::AnyInvocable<void(uint64_t sequence)> on_send;
    // Called with each ack, on gRPC's threads and one at a time; may be empty.
    // It must not block.
    absl::AnyInvocable<void(uint64_t sequence)> on_ack;
  };

  BatchStream(Options options, absl::string_view batch);
  BatchStream(Options options, std::vector<absl::Cord> batches);
  ~BatchStream();

  // Waits until the session is open. Errors: DEADLINE_EXCEEDED; why it closed.
  absl::Status Open(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);

  // Sends on, as fast as the stream takes it, up to batch number `sequence`
  // (from 1).
  void SendUpTo(uint64_t sequence) ABSL_LOCKS_EXCLUDED(mu_);

  // Waits until batch `sequence` is acknowledged. Errors: DEADLINE_EXCEEDED;
  // why the stream closed; what a batch was rejected for.
  absl::Status WaitForAck(uint64_t sequence, absl::Time deadline)
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) override;
  void OnWritable() override;
  void OnAck(uint64_t sequence) override;
  void OnRejected(uint64_t sequence, const absl::Status& why) override;
  void OnDrain(absl::Duration) override {}
  void OnClosed(const absl::Status& why) override;

  void SendLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void FailLocked(const absl::Status& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::vector<absl::Cord> batches_;
  const uint64_t max_in_flight_;
  const bool reopens_;
  absl::AnyInvocable<void(uint64_t)> on_ack_;
  Mutex mu_;
  absl::AnyInvocable<void(uint64_t)> on_send_ ABSL_GUARDED_BY(mu_);
  CondVar changed_;  // signalled with opened_, acked_ and failure_
  bool opened_ ABSL_GUARDED_BY(mu_) = false;
  bool ending_ ABSL_GUARDED_BY(mu_) = false;  // the destructor was called
  uint64_t allowed_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t sent_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t acked_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Session> session_;  // goes first: no event comes after
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_BATCH_STREAM_H_
