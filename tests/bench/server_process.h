#ifndef LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_
#define LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/testing/logboomd_process.h"

namespace logboom {

// A logboomd with one file handler, on free ports. Ended by the destructor.
// One thread.
class ServerProcess {
 public:
  struct Options {
    std::string program;
    int cpu = -1;  // the processor to pin it to; -1: none
    // Where its files are, `journal` among them; it is left in place. Empty: a
    // folder of its own under the temporary folder, removed in the end.
    std::string folder;
  };
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(Options options);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& grpc_address() const { return addresses_.grpc; }
  const std::string& tcp_address() const { return addresses_.tcp; }
  std::string journal_folder() const { return folder_ + "/journal"; }

  // From before the fork until it listened on both ports.
  absl::Duration start_time() const { return start_time_; }

  // User and system time so far, from /proc (in steps of a clock tick).
  double cpu_seconds() const;
  // Anonymous memory now, in bytes.
  int64_t anonymous_bytes() const;

  // Waits until the file handler has written `lines` lines, all of one length.
  // False after `seconds`.
  bool WaitForLines(int64_t lines, double seconds) const;

 private:
  ServerProcess() = default;
  absl::Status MakeFolder();
  void WriteConfig() const;

  std::string folder_;
  bool own_folder_ = false;
  std::unique_ptr<LogboomdProcess> process_;
  LogboomdProcess::Addresses addresses_;
  absl::Duration start_time_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_
