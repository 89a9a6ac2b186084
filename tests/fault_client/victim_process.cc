#include "tests/fault_client/victim_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/time/clock.h"

namespace logboom {
namespace {

// In the child: async-signal-safe calls only.
[[noreturn]] void Execute(char* const* arguments, const char* messages) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int fd = open(messages, O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(fd, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<VictimProcess>> VictimProcess::Start(
    const std::vector<std::string>& arguments, const std::string& messages) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) Execute(pointers.data(), messages.c_str());
  if (pid < 0) return absl::ErrnoToStatus(errno, "fork");
  return std::unique_ptr<VictimProcess>(new VictimProcess(pid));
}

VictimProcess::~VictimProcess() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void VictimProcess::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

absl::StatusOr<int> VictimProcess::Wait(absl::Time deadline) {
  while (absl::Now() < deadline) {
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    if (ended < 0) return absl::ErrnoToStatus(errno, "waitpid");
    absl::SleepFor(absl::Milliseconds(5));
  }
  return absl::DeadlineExceededError("the program does not end");
}

}  // namespace logboom
