#ifndef LOGBOOM_CLIENT_CLIENT_CORE_H_
#define LOGBOOM_CLIENT_CLIENT_CORE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <source_location>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/logger_levels.h"
#include "client/loss_counts.h"
#include "client/record_buffer.h"
#include "client/sender.h"
#include "logboom/client.h"
#include "logboom/logger.h"
#include "logboom/options.h"

namespace logboom {

// What a Client and its Loggers share and keep alive together: the parts of the
// client, its thread, and when it begins and ends.
//
// Thread-safe. In a forked child of a started client only counting is done: any
// lock may be held for ever by a thread of the parent.
class ClientCore {
 public:
  // `options` make sense. Starts nothing.
  explicit ClientCore(Options options);
  ~ClientCore();  // Shutdown was called, or Start never was

  LoggerLevels& levels() { return levels_; }
  LoggerNode* GetLogger(absl::string_view name);

  // Takes one record that passed its logger's level. `where` is its place in
  // the source; null: the record says it. May throw, having done nothing.
  void Write(const LoggerNode& logger, const Record& record,
             const std::source_location* where);
  // As Options::diagnose says.
  void Diagnose(const std::string& line) const;
  // One record that was logged is lost.
  void Drop(ProducerLoss reason) { losses_.Count(reason); }

  // As in Client.
  absl::Status WriteEncoded(absl::string_view log_record);
  absl::Status Connect(absl::Time deadline);
  absl::Status Flush(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_);
  void Shutdown() ABSL_LOCKS_EXCLUDED(mu_);
  ClientStats stats() const ABSL_LOCKS_EXCLUDED(mu_);

  // True: the client was started before a fork that made this process.
  bool forked() const;

 private:
  // At the first use: starts the sender and the loggers' thresholds. Two loads
  // afterwards. False: shut down, or forked().
  bool Start() ABSL_LOCKS_EXCLUDED(mu_);
  // The same; FAILED_PRECONDITION: it is false, and why.
  absl::Status EnsureStarted() ABSL_LOCKS_EXCLUDED(mu_);
  // What a record is dropped for when Start is false.
  ProducerLoss WhyNotStarted() const {
    return forked() ? ProducerLoss::kForked : ProducerLoss::kShutDown;
  }
  std::unique_ptr<Sender> NewSender();
  // The thread: lets the sender do what it can until it has stopped.
  void Run();
  absl::Time StepSafely();
  void Wake() ABSL_LOCKS_EXCLUDED(wake_mu_);
  void Count(RecordBuffer::Outcome outcome);
  absl::Status FlushOutcome(bool flushed) ABSL_LOCKS_EXCLUDED(mu_);

  const Options options_;
  LossCounts losses_;
  LoggerLevels levels_;
  LoggerNode forked_logger_;  // of a forked child
  RecordBuffer buffer_;
  // 0: not started; else one more than the fork generation it was started in.
  std::atomic<uint32_t> started_in_{0};

  Mutex wake_mu_;
  CondVar woken_;
  bool wake_ ABSL_GUARDED_BY(wake_mu_) = false;

  mutable Mutex mu_;
  bool shut_down_ ABSL_GUARDED_BY(mu_) = false;
  int64_t lost_at_flush_ ABSL_GUARDED_BY(mu_) = 0;  // and rejected
  std::thread thread_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Sender> sender_;  // set before started_in_ is
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_CLIENT_CORE_H_
