#ifndef LOGBOOM_TESTS_FAULT_CLIENT_SERVER_SITE_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_SERVER_SITE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/fault_client/journal_ledger.h"
#include "tests/testing/logboomd_process.h"

namespace logboom {

// A place where a logboomd runs, is killed and starts again: always the same
// port, journal and output file. It dies with the thread that started it. Not
// thread-safe.
class ServerSite {
 public:
  struct Options {
    std::string server;  // programs
    std::string cli;
    std::string folder;  // exists
  };

  explicit ServerSite(const Options& options) : options_(options) {}

  // Starts it and waits until it listens; the first time on a free port.
  absl::Status Start();
  // SIGKILL, and its end. Nothing when it does not run.
  absl::Status Kill();
  // SIGTERM, and its orderly end.
  absl::Status Stop();
  // SIGSTOP and SIGCONT.
  void Freeze();
  void Thaw();
  bool running() const { return process_ != nullptr; }

  // Runs it as often as it takes for its handler to be done; it is stopped
  // before and afterwards. Returns what the journal says then.
  absl::StatusOr<JournalLedger> Drain(absl::Time deadline);

  // host:port, when it has been started once.
  const std::string& address() const { return address_; }
  std::string output_file() const { return options_.folder + "/out.log"; }
  std::string journal_folder() const { return options_.folder + "/journal"; }

 private:
  void WriteConfig() const;
  void KeepMessages();

  const Options options_;
  std::string address_ = "127.0.0.1:0";
  std::unique_ptr<LogboomdProcess> process_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_SERVER_SITE_H_
