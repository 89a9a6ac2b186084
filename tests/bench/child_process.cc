#include "tests/bench/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/time/clock.h"
#include "tests/bench/processors.h"

namespace logboom {
namespace {

// In the child: async-signal-safe calls only.
[[noreturn]] void Execute(char* const* arguments, int stdout_fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(kServerProcessor, &set);
  sched_setaffinity(0, sizeof set, &set);
  dup2(stdout_fd, STDOUT_FILENO);
  execvp(arguments[0], arguments);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  auto child = std::unique_ptr<ChildProcess>(new ChildProcess());
  child->stdout_ = UniqueFd(ends[0]);
  const UniqueFd write_end(ends[1]);
  child->pid_ = fork();
  if (child->pid_ == 0) Execute(arguments.data(), write_end.get());
  if (child->pid_ < 0) return absl::ErrnoToStatus(errno, "fork");
  return child;
}

ChildProcess::~ChildProcess() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

absl::StatusOr<std::string> ChildProcess::ReadLine(absl::Time deadline) {
  std::string line;
  while (true) {
    const int64_t left_ms =
        std::max<int64_t>(0, absl::ToInt64Milliseconds(deadline - absl::Now()));
    pollfd input = {.fd = stdout_.get(), .events = POLLIN};
    const int ready = poll(&input, 1, static_cast<int>(left_ms));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return absl::DeadlineExceededError("it says nothing");
    char byte;
    if (read(stdout_.get(), &byte, 1) != 1) {
      return absl::UnavailableError("it ended before it listened");
    }
    if (byte == '\n') return line;
    line.push_back(byte);
  }
}

}  // namespace logboom
