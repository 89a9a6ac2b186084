#ifndef LOGBOOM_TESTS_FAULT_CLIENT_VICTIM_PROCESS_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_VICTIM_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace logboom {

// One life of a program that is started to be killed. It dies with the thread
// that started it. Not thread-safe.
class VictimProcess {
 public:
  // `arguments` begin with the program's path; its stderr goes to the end of
  // the file `messages`.
  static absl::StatusOr<std::unique_ptr<VictimProcess>> Start(
      const std::vector<std::string>& arguments, const std::string& messages);
  // Kills it, if it still runs.
  ~VictimProcess();
  VictimProcess(const VictimProcess&) = delete;
  VictimProcess& operator=(const VictimProcess&) = delete;

  void Signal(int signal);
  // Its exit code, or the negative number of the signal that ended it.
  // Errors: DEADLINE_EXCEEDED, it runs on.
  absl::StatusOr<int> Wait(absl::Time deadline);

 private:
  explicit VictimProcess(pid_t pid) : pid_(pid) {}

  pid_t pid_;  // -1: it has ended
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_VICTIM_PROCESS_H_
