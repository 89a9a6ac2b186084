#ifndef LOGBOOM_TESTS_BENCH_CHILD_PROCESS_H_
#define LOGBOOM_TESTS_BENCH_CHILD_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"

namespace logboom {

// A program that is not logboomd, run on the servers' processor. It dies with
// the thread that started it, and is killed by the destructor.
//
// One thread.
class ChildProcess {
 public:
  // `command` is the program, found by PATH, and its arguments. What it writes
  // to stderr goes to this program's.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  // The first line that it writes to stdout. Errors: UNAVAILABLE, it ended
  // first; DEADLINE_EXCEEDED.
  absl::StatusOr<std::string> ReadLine(absl::Time deadline);

 private:
  ChildProcess() = default;

  pid_t pid_ = -1;
  UniqueFd stdout_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_CHILD_PROCESS_H_
