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
#include "client/backlog.h"
#include "client/backoff.h"
#include "client/batcher.h"
#include "client/logger_levels.h"
#include "client/loss_counts.h"
#include "client/record_buffer.h"
#include "client/sender_board.h"
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
  absl::Time Step(absl::Time now);

  // The rest may be called on any thread.

  // As RecordBuffer tells.
  void TakeNews(RecordBuffer::News news);

  // What the program's threads ask and see.
  SenderBoard& board() { return board_; }

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
  // Whether the session is the one whose batches are to be sent now: sequences
  // are each life's own.
  bool IsOfFrontLife() const;
  // Goes on to the next life's session when all of one is settled.
  void SwitchLife(absl::Time now);
  void ConnectIfDue(absl::Time now);

  void BeginFlush();
  void EndFlush();
  void SendBatches(absl::Time now);
  // Makes the next batch if it is time for one.
  bool MakeBatch(absl::Time now);
  void Collect(int64_t max_bytes, bool partial, absl::Time now);
  void CollectAll();
  void NoteLossesReported(const Batch& batch);
  void StopIfDone(absl::Time now);
  // Moves all there is to the spool, when memory is short.
  void SpillIfShort();
  void SpillAll();
  void PublishCounts();
  void CountAcknowledged(int64_t records);
  absl::Time NextStep(absl::Time now);
  Batcher::Limits Limits() const;

  const Parts parts_;
  const Options& options_;
  SenderBoard board_;
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
  int64_t flushed_ = 0;  // the last flush that is done
  std::optional<absl::Time> stop_by_;
  bool stop_failed_ = false;  // the last attempt to connect did

  std::atomic<bool> records_came_{false};  // into chunks that are not full
  std::atomic<bool> room_wanted_{false};

  std::unique_ptr<Session> session_;  // goes first: its events end
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SENDER_H_
