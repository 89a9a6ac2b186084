#include "tests/bench/server_process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

std::string ReadProc(pid_t pid, absl::string_view file) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/", file));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    const std::string& program, int cpu) {
  auto server = std::unique_ptr<ServerProcess>(new ServerProcess());
  LOGBOOM_RETURN_IF_ERROR(server->WriteConfig());
  LOGBOOM_RETURN_IF_ERROR(server->Spawn(program, cpu));
  LOGBOOM_RETURN_IF_ERROR(server->ReadAddresses());
  return server;
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  if (stderr_ >= 0) close(stderr_);
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

absl::Status ServerProcess::WriteConfig() {
  std::string name = absl::StrCat(
      std::filesystem::temp_directory_path().string(), "/logboom-bench-XXXXXX");
  if (mkdtemp(name.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, "mkdtemp");
  }
  folder_ = name;
  std::ofstream(absl::StrCat(folder_, "/config.yaml"))
      << "listen: {grpc: '127.0.0.1:0', tcp: '127.0.0.1:0'}\n"
      << "journal: {path: " << folder_ << "/journal}\n"
      << "logging:\n  version: 1\n  formatters:\n    line: {format: "
      << "'%(asctime)s %(levelname)-8s %(name)s %(message)s'}\n"
      << "  handlers:\n    file: {class: logging.FileHandler, filename: "
      << folder_ << "/out.log, formatter: line}\n"
      << "  root: {level: NOTSET, handlers: [file]}\n";
  return absl::OkStatus();
}

absl::Status ServerProcess::Spawn(const std::string& program, int cpu) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  stderr_ = ends[0];
  const std::string config = absl::StrCat(folder_, "/config.yaml");
  pid_ = fork();
  if (pid_ == 0) {
    if (cpu >= 0) {
      cpu_set_t set;
      CPU_ZERO(&set);
      CPU_SET(cpu, &set);
      sched_setaffinity(0, sizeof set, &set);
    }
    dup2(ends[1], STDERR_FILENO);
    execl(program.c_str(), program.c_str(), "--config", config.c_str(),
          nullptr);
    _exit(127);
  }
  close(ends[1]);
  return pid_ > 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, "fork");
}

absl::Status ServerProcess::ReadAddresses() {
  std::string text;
  char byte;
  while (grpc_address_.empty() || tcp_address_.empty()) {
    if (read(stderr_, &byte, 1) != 1) {
      return absl::UnavailableError(absl::StrCat("no server: ", text));
    }
    text.push_back(byte);
    if (byte != '\n') continue;
    const std::vector<std::string> words =
        absl::StrSplit(absl::string_view(text).substr(0, text.size() - 1), ' ');
    if (words.size() == 3 && words[1] == "grpc") grpc_address_ = words[2];
    if (words.size() == 3 && words[1] == "tcp") tcp_address_ = words[2];
    text.clear();
  }
  return absl::OkStatus();
}

double ServerProcess::cpu_seconds() const {
  const std::string stat = ReadProc(pid_, "stat");
  // The fields after the command's closing bracket: utime and stime are the
  // 14th and 15th of all (proc(5)).
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(stat.rfind(')') + 2), ' ');
  double user = 0, system = 0;
  if (!absl::SimpleAtod(fields[11], &user)) return 0;
  if (!absl::SimpleAtod(fields[12], &system)) return 0;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int64_t ServerProcess::anonymous_bytes() const {
  for (const absl::string_view line :
       absl::StrSplit(ReadProc(pid_, "status"), '\n')) {
    int64_t kib = 0;
    if (absl::StartsWith(line, "RssAnon:") &&
        absl::SimpleAtoi(absl::string_view(line).substr(8, line.find("kB") - 8),
                         &kib)) {
      return kib * 1024;
    }
  }
  return 0;
}

bool ServerProcess::WaitForLines(int64_t lines, double seconds) const {
  const std::string path = absl::StrCat(folder_, "/out.log");
  const absl::Time deadline = absl::Now() + absl::Seconds(seconds);
  while (absl::Now() < deadline) {
    std::string first;
    std::ifstream out(path);
    if (std::getline(out, first) && !out.eof()) {
      const auto line_bytes = static_cast<int64_t>(first.size()) + 1;
      const auto size = static_cast<int64_t>(std::filesystem::file_size(path));
      if (size == lines * line_bytes) return true;
    }
    absl::SleepFor(absl::Milliseconds(2));
  }
  return false;
}

}  // namespace logboom
