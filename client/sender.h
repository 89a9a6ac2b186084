#ifndef LOGBOOM_CLIENT_SENDER_H_
#define LOGBOOM_CLIENT_SENDER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/backlog.h"
#include "client/backoff.h"
#include "client/batcher.h"
#include "client/logger_levels.h"
#include "client/loss_counts.h"
#include "client/record_buffer.h"
#include "client/sender_reports.h"
#include "client/session.h"
#include "client/session_inbox.h"
#include "client/spool.h"
#include "logboom/options.h"

namespace logboom {

// Carries records from the buffer to the server: keeps a session open, makes
// batches when there is room for them under way, keeps each until it is
// acknowledged, and sends it again on the next stream when it was not. Applies
// the levels that the server sets.
//
// Has no thread and no clock: whoever has them calls Step, from one thread,
// whenever `wake` was called and when Step said it wants to be.
class Sender {
 public:
  struct Parts {
    // These must outlive the sender.
    const Options* options = nullptr;  // sensible ones
    RecordBuffer* buffer = nullptr;
    LossCounts* losses = nullptr;
    LoggerLevels* levels = nullptr;

    // This life of the program, and where its spool is opened; null: there is
    // none.
    SpoolLife life;
    std::function<absl::StatusOr<std::unique_ptr<Spool>>(SpoolLife own)>
        open_spool;
    std::function<std::unique_ptr<Session>(SessionOptions, SessionEvents*)>
        new_session;
    // Called on any thread: Step has something to do.
    std::function<void()> wake;
    std::function<double()> random;  // draws from [0, 1)
    std::function<void(const std::string&)> diagnose;
  };
  explicit Sender(Parts parts);

  // Does all that can be done at `now`; returns when it wants to be called
  // again, should nobody wake it before.
  absl::Time Step(absl::Time now) ABSL_LOCKS_EXCLUDED(mu_);

  // The rest may be called on any thread.

  // As RecordBuffer tells.
  void TakeNews(RecordBuffer::News news);

  // Asks for everything that is in the buffer now to be acknowledged, soon.
  // Done when flushed() has come to what it returns.
  int64_t RequestFlush() ABSL_LOCKS_EXCLUDED(mu_);
  // Asks for the end: the buffer is closed, and what is in it is to be
  // acknowledged by `deadline`, or as long as the server can be reached.
  void RequestStop(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);

  struct State {
    bool connected = false;
    int64_t connections = 0;
    int64_t failures = 0;  // streams that ended, or could not be opened
    std::string last_error;
    int64_t acknowledged = 0;  // records
    int64_t rejected = 0;
    int64_t dropped = 0;  // of the buffer's, and counted as lost
    int64_t spooled = 0;
    int64_t earlier = 0;  // of earlier lives, in the spool
    int64_t flushed = 0;
    bool stopped = false;
  };
  State state() const ABSL_LOCKS_EXCLUDED(mu_);
  bool stopped() const ABSL_LOCKS_EXCLUDED(mu_);
  // Waits until `condition` holds of the state; false: not by `deadline`.
  bool WaitUntil(absl::Time deadline,
                 const std::function<bool(const State&)>& condition) const
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  enum class Phase { kIdle, kConnecting, kOpen, kDraining };

  struct Flush {
    int64_t ticket;
    int64_t records;  // so many have to be past the batcher
    // The batches with the last of them, and with the losses known when it
    // began; nullopt: still to be made.
    std::optional<uint64_t> records_in;
    std::optional<uint64_t> losses_in;
  };

  // At the first step.
  void Begin();
  void NewSession();
  void TakeSessionNews(absl::Time now);
  void OnOpened(const SessionNews::Opened& opened);
  void OnLevels(const SessionNews::Levels& levels, absl::Time now);
  void OnClosed(const absl::Status& why, absl::Time now);
  void DrawNewProducerId();
  // Goes on to the next life's session when all of one is settled.
  void SwitchLife(absl::Time now);
  void ConnectIfDue(absl::Time now);

  void BeginFlush() ABSL_LOCKS_EXCLUDED(mu_);
  void EndFlush() ABSL_LOCKS_EXCLUDED(mu_);
  void SendBatches(absl::Time now);
  // Makes the next batch if it is time for one.
  bool MakeBatch(absl::Time now);
  void Collect(int64_t max_bytes, bool partial, absl::Time now);
  void NoteLossesReported(const Batch& batch);
  void StopIfDone(absl::Time now) ABSL_LOCKS_EXCLUDED(mu_);
  // Moves all there is to the spool, when memory is short.
  void SpillIfShort();
  void SpillAll();
  void PublishCounts() ABSL_LOCKS_EXCLUDED(mu_);
  void CountAcknowledged(int64_t records) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Time NextStep(absl::Time now);
  Batcher::Limits Limits() const;

  const Parts parts_;
  const Options& options_;
  SenderReports reports_;
  Backoff backoff_;
  Batcher batcher_;
  std::unique_ptr<Backlog> backlog_;  // from the first step on
  SessionInbox inbox_;
  uint64_t next_sequence_ = 1;
  SessionOptions session_options_;
  Phase phase_ = Phase::kIdle;
  absl::Time connect_at_ = absl::InfinitePast();
  absl::Duration retry_after_;  // as the last Drain says
  int64_t max_batch_bytes_;  // the server's, or as good as any before it says
  std::optional<Flush> flush_;
  // Since when records wait in chunks that are not full.
  std::optional<absl::Time> records_since_;
  int64_t due_until_ = 0;  // so many of the batcher's records are not to wait
  // Nothing else keeps the next batch from being made and sent.
  bool waits_for_records_ = false;
  absl::Time next_expiry_ = absl::InfiniteFuture();
  std::optional<absl::Time> stop_by_;
  bool stop_failed_ = false;  // the last attempt to connect did

  std::atomic<bool> records_came_{false};  // into chunks that are not full
  std::atomic<bool> room_wanted_{false};

  mutable Mutex mu_;
  mutable CondVar changed_;
  State state_ ABSL_GUARDED_BY(mu_);
  int64_t flush_requested_ ABSL_GUARDED_BY(mu_) = 0;
  std::optional<absl::Time> stop_requested_ ABSL_GUARDED_BY(mu_);

  std::unique_ptr<Session> session_;  // goes first: its events end
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SENDER_H_
