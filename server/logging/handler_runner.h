#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_RUNNER_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_RUNNER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/stop_signal.h"
#include "server/journal/journal.h"
#include "server/logging/format/formatter.h"
#include "server/logging/handler.h"
#include "server/logging/logger_tree.h"
#include "server/logging/route.h"

namespace logboom {

// A reader of the journal that drives one handler: follows, routes, formats and
// writes, on a thread of its own. A slow or failing destination holds up this
// handler only: its reader is just behind.
//
// Start(), Drain() and Join() are for one thread, the owner's.
class HandlerRunner {
 public:
  struct Parts {
    std::string name;  // for diagnostics
    int index = 0;     // of the handler in the tree, or LastResortIndex()
    const LoggerTree* tree = nullptr;  // must outlive the runner
    std::unique_ptr<Formatter> formatter;
    std::unique_ptr<Handler> handler;
    std::unique_ptr<JournalReader> reader;
    // Before the first retry of a failed write; doubles up to 50 times itself.
    absl::Duration retry_pause = absl::Milliseconds(100);
  };

  explicit HandlerRunner(Parts parts);
  ~HandlerRunner();  // Join()s

  void Start();

  // From now on the thread ends when it has handled all there is. The journal
  // must have stopped, so that its head stands still.
  void Drain();

  // Waits for the thread to end by itself until `deadline`, then makes it stop
  // where it is. Idempotent.
  void Join(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);

  // Of the joined runner: the first record not written, and how many it wrote.
  Offset position() const { return position_; }
  int64_t emitted_records() const { return emitted_; }
  // Records its reader found missing, where the journal is damaged.
  int64_t missing_records() const { return parts_.reader->missing_records(); }
  const std::string& name() const { return parts_.name; }

 private:
  void Run();
  // Formats what the reader has into block_, up to a bound; false at the head.
  bool FillBlock();
  void HandleEntry(const JournalEntry& entry);
  void HandleRecord(const LogEvent& event);
  // Writes block_, retrying for as long as it takes; false when told to stop.
  bool WriteBlock();
  // Waits before a retry; false when told to stop.
  bool Pause(absl::Duration pause);
  void ReportFailure(const absl::Status& why);
  void MovePosition(size_t written);

  Parts parts_;
  RouteCache routes_;
  StopSignal stop_;
  std::atomic<bool> draining_{false};
  // With stop_, for a thread that does not wait: whose destination takes all.
  std::atomic<bool> stopping_{false};

  // The thread's own, and the owner's after Join().
  TextBlock block_;
  std::vector<Offset>
      next_offsets_;  // for each of block_.ends: record after it
  Offset position_ = 0;
  int64_t emitted_ = 0;
  absl::Time last_report_ = absl::InfinitePast();

  Mutex mu_;
  CondVar ended_changed_;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_RUNNER_H_
