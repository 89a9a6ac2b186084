#ifndef LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_
#define LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// A logboomd in a folder of its own under the temporary folder, with one file
// handler, on free ports. Ended and its folder removed by the destructor.
// One thread.
class ServerProcess {
 public:
  // `cpu` pins it to one processor; -1 does not.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(
      const std::string& program, int cpu);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& grpc_address() const { return grpc_address_; }
  const std::string& tcp_address() const { return tcp_address_; }

  // User and system time so far, from /proc (in steps of a clock tick).
  double cpu_seconds() const;
  // Anonymous memory now, in bytes.
  int64_t anonymous_bytes() const;

  // Waits until the file handler has written `lines` lines, all of one length.
  // False after `seconds`.
  bool WaitForLines(int64_t lines, double seconds) const;

 private:
  ServerProcess() = default;
  absl::Status WriteConfig();
  absl::Status Spawn(const std::string& program, int cpu);
  absl::Status ReadAddresses();

  std::string folder_;
  std::string grpc_address_;
  std::string tcp_address_;
  pid_t pid_ = -1;
  int stderr_ = -1;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SERVER_PROCESS_H_
