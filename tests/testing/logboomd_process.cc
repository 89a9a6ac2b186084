#include "tests/testing/logboomd_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace logboom {
namespace {

// In the child: async-signal-safe calls only.
[[noreturn]] void Execute(const LogboomdProcess::Options& options,
                          int stderr_fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGXFSZ, SIG_IGN);
  if (options.cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(options.cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
  }
  dup2(stderr_fd, STDERR_FILENO);
  execl(options.program.c_str(), options.program.c_str(), "--config",
        options.config_file.c_str(), nullptr);
  _exit(127);
}

// pidfd_open(2); glibc 2.36 declares it for C only.
UniqueFd OpenPidFd(pid_t pid) {
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

int MillisecondsUntil(absl::Time deadline) {
  const int64_t left = absl::ToInt64Milliseconds(
      absl::Ceil(deadline - absl::Now(), absl::Milliseconds(1)));
  return static_cast<int>(std::clamp<int64_t>(left, 0, 1'000'000));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LogboomdProcess>> LogboomdProcess::Start(
    const Options& options) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  auto process = std::unique_ptr<LogboomdProcess>(new LogboomdProcess());
  process->stderr_ = UniqueFd(ends[0]);
  const UniqueFd write_end(ends[1]);
  process->pid_ = fork();
  if (process->pid_ == 0) Execute(options, write_end.get());
  if (process->pid_ < 0) return absl::ErrnoToStatus(errno, "fork");
  process->pid_fd_ = OpenPidFd(process->pid_);
  if (!process->pid_fd_.valid()) return absl::ErrnoToStatus(errno, "pidfd");
  process->reader_ = std::thread([raw = process.get()] { raw->ReadStderr(); });
  return process;
}

LogboomdProcess::~LogboomdProcess() {
  if (pid_ > 0 && !ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (reader_.joinable()) reader_.join();
}

void LogboomdProcess::ReadStderr() {
  std::string line;
  char chunk[4096];
  while (true) {
    const ssize_t count = read(stderr_.get(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    MutexLock lock(&mu_);
    if (count <= 0) {
      silent_ = true;
      changed_.NotifyAll();
      return;
    }
    text_.append(chunk, static_cast<size_t>(count));
    for (ssize_t i = 0; i < count; ++i) {
      if (chunk[i] != '\n') {
        line.push_back(chunk[i]);
        continue;
      }
      TakeLineLocked(line);
      line.clear();
    }
  }
}

void LogboomdProcess::TakeLineLocked(absl::string_view line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words.size() != 3 || words[0] != "listening") return;
  if (words[1] == "grpc") addresses_.grpc = words[2];
  if (words[1] == "tcp") addresses_.tcp = words[2];
  changed_.NotifyAll();
}

absl::StatusOr<LogboomdProcess::Addresses> LogboomdProcess::WaitUntilListening(
    absl::Time deadline) {
  MutexLock lock(&mu_);
  while (addresses_.grpc.empty() || addresses_.tcp.empty()) {
    if (silent_) {
      return absl::UnavailableError(
          absl::StrCat("the server ended before it listened: ", text_));
    }
    if (!changed_.WaitUntil(&mu_, deadline) && absl::Now() >= deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("the server does not listen: ", text_));
    }
  }
  return addresses_;
}

void LogboomdProcess::Signal(int signal) {
  if (!ended_) kill(pid_, signal);
}

absl::StatusOr<int> LogboomdProcess::Wait(absl::Time deadline) {
  while (!ended_) {
    pollfd end = {.fd = pid_fd_.get(), .events = POLLIN};
    const int ready = poll(&end, 1, MillisecondsUntil(deadline));
    if (ready > 0) {
      if (absl::Status reaped = Reap(); !reaped.ok()) return reaped;
    } else if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError("the server runs");
    }
  }
  return result_;
}

absl::Status LogboomdProcess::Reap() {
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) {
    return absl::ErrnoToStatus(errno, "waitpid");
  }
  ended_ = true;
  result_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  MutexLock lock(&mu_);
  while (!silent_) changed_.Wait(&mu_);
  return absl::OkStatus();
}

std::string LogboomdProcess::stderr_text() const {
  MutexLock lock(&mu_);
  return text_;
}

}  // namespace logboom
