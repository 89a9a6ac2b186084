#ifndef LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_
#define LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/bench_folder.h"
#include "tests/testing/logboomd_process.h"

namespace logboom {

// A logboomd with one file handler or several, on free ports. Ended by the
// destructor. One thread.
class ServerProcess {
 public:
  struct Options {
    std::string program;
    int cpu = -1;      // the processor to pin it to; -1: none
    int handlers = 1;  // each takes every record, to a file of its own
    // Where the first one writes; empty: `out.log`.
    std::string output;
    // Far more than any row writes: a large journal stays as it was made.
    int64_t retain_bytes = int64_t{1000} << 30;
    // Where its files are, `journal` among them; it is left in place. Empty: a
    // folder of its own under the temporary folder, removed in the end.
    std::string folder;
  };
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(Options options);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return process_->pid(); }
  const std::string& grpc_address() const { return addresses_.grpc; }
  const std::string& tcp_address() const { return addresses_.tcp; }
  std::string journal_folder() const { return folder() + "/journal"; }

  // Whether it has not ended by itself.
  bool is_running();

  // What the handlers write.
  std::vector<std::string> output_files() const;

  // From before the fork until it listened on both ports.
  absl::Duration start_time() const { return start_time_; }

  // User and system time so far.
  double cpu_seconds() const;
  // Anonymous memory now, in bytes.
  int64_t anonymous_bytes() const;

  // Waits until the first file handler has written `lines` lines, all of one
  // length.
  // False after `seconds`.
  bool WaitForLines(int64_t lines, double seconds) const;

 private:
  ServerProcess() = default;
  const std::string& folder() const { return options_.folder; }
  void WriteConfig() const;

  std::unique_ptr<BenchFolder> own_folder_;  // null: the caller's
  Options options_;
  std::unique_ptr<LogboomdProcess> process_;
  LogboomdProcess::Addresses addresses_;
  absl::Duration start_time_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_
