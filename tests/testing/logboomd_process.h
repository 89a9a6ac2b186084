#ifndef LOGBOOM_TESTS_TESTING_LOGBOOMD_PROCESS_H_
#define LOGBOOM_TESTS_TESTING_LOGBOOMD_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/unique_fd.h"

namespace logboom {

// One run of the real logboomd, from its start to its end. What it says on
// stderr is read by a thread, so that it never blocks there. The server dies
// with the thread that started it, whatever becomes of this program.
//
// Thread-safe but for Wait, which one thread may call at a time.
class LogboomdProcess {
 public:
  struct Options {
    std::string program;
    std::string config_file;
    int cpu = -1;  // the processor to pin it to; -1: none
  };
  struct Addresses {
    std::string grpc;  // host:port
    std::string tcp;
  };

  // Starts the program and waits for nothing. It ignores SIGXFSZ, so that a
  // limit on its files' size makes its writes fail with EFBIG.
  static absl::StatusOr<std::unique_ptr<LogboomdProcess>> Start(
      const Options& options);
  // Kills it, if it still runs.
  ~LogboomdProcess();
  LogboomdProcess(const LogboomdProcess&) = delete;
  LogboomdProcess& operator=(const LogboomdProcess&) = delete;

  pid_t pid() const { return pid_; }

  // Waits until it listens on both ports. Errors: UNAVAILABLE, it ended first;
  // DEADLINE_EXCEEDED. Both have its stderr.
  absl::StatusOr<Addresses> WaitUntilListening(absl::Time deadline)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Sends a signal, unless Wait has seen the end.
  void Signal(int signal);

  // Waits for its end: its exit code, or the negative number of the signal that
  // ended it; the same again on later calls. DEADLINE_EXCEEDED: it runs on.
  absl::StatusOr<int> Wait(absl::Time deadline);

  // What it has said so far; all of it once Wait has seen the end.
  std::string stderr_text() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  LogboomdProcess() = default;
  void ReadStderr() ABSL_LOCKS_EXCLUDED(mu_);
  void TakeLineLocked(absl::string_view line)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Reap();

  pid_t pid_ = -1;
  UniqueFd pid_fd_;  // readable when the process has ended
  UniqueFd stderr_;
  bool ended_ = false;
  int result_ = 0;
  std::thread reader_;
  mutable Mutex mu_;
  CondVar changed_;  // signalled at a new address and at the end of stderr
  std::string text_ ABSL_GUARDED_BY(mu_);
  Addresses addresses_ ABSL_GUARDED_BY(mu_);
  bool silent_ ABSL_GUARDED_BY(mu_) = false;  // stderr is closed
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_LOGBOOMD_PROCESS_H_
