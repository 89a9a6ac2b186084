#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_RUNNER_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_RUNNER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/stop_signal.h"
#include "server/journal/journal.h"
#include "server/logging/block_filler.h"
#include "server/logging/format/formatter.h"
#include "server/logging/handler.h"
#include "server/logging/handler_output.h"
#include "server/logging/handler_progress.h"
#include "server/logging/handler_retry.h"
#include "server/logging/logger_tree.h"

namespace logboom {

// A reader of the journal that drives one handler: follows, routes, formats and
// writes, on a thread of its own, and keeps the handler's cursor. A slow or
// failing destination holds up this handler only: its reader is just behind.
//
// TakePlace(), Start(), Drain() and Join() are for one thread, the owner's.
class HandlerRunner {
 public:
  struct Parts {
    std::string name;  // for diagnostics
    int index = 0;     // of the handler in the tree, or LastResortIndex()
    const LoggerTree* tree = nullptr;  // must outlive the runner
    std::unique_ptr<Formatter> formatter;
    std::unique_ptr<Handler> handler;
    // Opens its destination at the first record it emits, unless it has a file.
    bool delay = false;
    // Of the journal, which must outlive the runner.
    HandlerOutput::OpenCursorFunction open_cursor;
    std::function<std::unique_ptr<JournalReader>(Offset from)> new_reader;
    // The first record of a handler that has no cursor yet.
    Offset start = 0;
    // Before the first retry of what failed; doubles up to 50 times itself.
    absl::Duration retry_pause = absl::Milliseconds(100);
    // How often the cursor is stored while it moves, and looked whether its
    // file is still at its path.
    absl::Duration store_interval = absl::Seconds(1);
  };

  explicit HandlerRunner(Parts parts);
  ~HandlerRunner();  // Join()s

  // Stores the place of a handler that has none, where that can be done at
  // once, so that what comes from now on is its own. Touches no destination.
  void TakePlace();

  // Starts the thread, after TakePlace.
  void Start();

  // From now on the thread ends when it has handled all there is. The journal
  // must have stopped, so that its head stands still.
  void Drain() ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for the thread to end by itself until `deadline`, then makes it stop
  // where it is. It stores the cursor at last. Idempotent.
  void Join(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);

  const std::string& name() const { return parts_.name; }
  // Of the joined runner: where it started and where it is.
  const CursorPosition& started_at() const { return started_at_; }
  CursorPosition position() const { return progress_.done(); }
  // False: its cursor could not be opened, so that its place is not known.
  bool has_position() const { return output_.has_cursor(); }

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  // One round: opens what is not open, handles a block, stores the cursor when
  // that is due. Errors: OUT_OF_RANGE, at the journal's head; CANCELLED, told
  // to stop; others: the round is to be tried again.
  absl::Status Advance() ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status AdvanceAtPlace() ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status OpenCursor();
  // Opens the destination and moves to where it goes on.
  absl::Status OpenDestination() ABSL_LOCKS_EXCLUDED(mu_);
  void GoTo(const CursorPosition& place) ABSL_LOCKS_EXCLUDED(mu_);
  void SetReader(std::unique_ptr<JournalReader> reader)
      ABSL_LOCKS_EXCLUDED(mu_);

  absl::Status FillBlock();
  absl::Status WriteBlock() ABSL_LOCKS_EXCLUDED(mu_);
  // Whether the place is known, and not the cursor's already.
  bool HasToStore() const;
  absl::Status StoreIfDue();
  void StoreAtLast();
  // Waits for more records, or for the time to store.
  void WaitForMore();
  // Waits before a retry; false when told to stop.
  bool Pause(absl::Duration pause);

  Parts parts_;
  StopSignal stop_;
  std::atomic<bool> draining_{false};
  // With stop_, for a thread that does not wait: whose destination takes all.
  std::atomic<bool> stopping_{false};

  // The thread's own, and the owner's before Start() and after Join().
  BlockFiller filler_;
  HandlerOutput output_;
  HandlerProgress progress_;
  CursorPosition started_at_;
  bool has_started_ = false;  // to read the journal
  ResumedOutput resumed_;     // its `kept` until there is a block
  absl::Time store_at_ = absl::InfinitePast();
  HandlerRetry retry_;
  HandlerRetry store_retry_;  // of a cursor that holds up nothing

  Mutex mu_;
  CondVar ended_changed_;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
  // Exchanged by the thread under mu_, and used by it without.
  std::unique_ptr<JournalReader> reader_;
  std::thread thread_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_RUNNER_H_
