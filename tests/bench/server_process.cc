#include "tests/bench/server_process.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
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

// For a start or a stop, which take well under a second.
constexpr absl::Duration kPatience = absl::Minutes(1);

std::string ReadProc(pid_t pid, absl::string_view file) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/", file));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    Options options) {
  auto server = std::unique_ptr<ServerProcess>(new ServerProcess());
  server->folder_ = std::move(options.folder);
  if (server->folder_.empty()) LOGBOOM_RETURN_IF_ERROR(server->MakeFolder());
  server->WriteConfig();
  const absl::Time begin = absl::Now();
  LOGBOOM_ASSIGN_OR_RETURN(
      server->process_,
      LogboomdProcess::Start(
          {.program = options.program,
           .config_file = absl::StrCat(server->folder_, "/config.yaml"),
           .cpu = options.cpu}));
  LOGBOOM_ASSIGN_OR_RETURN(
      server->addresses_,
      server->process_->WaitUntilListening(begin + kPatience));
  server->start_time_ = absl::Now() - begin;
  return server;
}

ServerProcess::~ServerProcess() {
  if (process_ != nullptr) {
    process_->Signal(SIGTERM);
    process_->Wait(absl::Now() + kPatience).IgnoreError();
    process_.reset();
  }
  std::error_code ignored;
  if (own_folder_) std::filesystem::remove_all(folder_, ignored);
}

absl::Status ServerProcess::MakeFolder() {
  std::string name = absl::StrCat(
      std::filesystem::temp_directory_path().string(), "/logboom-bench-XXXXXX");
  if (mkdtemp(name.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, "mkdtemp");
  }
  folder_ = name;
  own_folder_ = true;
  return absl::OkStatus();
}

// Retention is out of the way: a large journal stays as it was made.
void ServerProcess::WriteConfig() const {
  std::ofstream(absl::StrCat(folder_, "/config.yaml"))
      << "listen: {grpc: '127.0.0.1:0', tcp: '127.0.0.1:0'}\n"
      << "journal: {path: " << journal_folder() << ", retain_bytes: 1000GiB}\n"
      << "logging:\n  version: 1\n  formatters:\n    line: {format: "
      << "'%(asctime)s %(levelname)-8s %(name)s %(message)s'}\n"
      << "  handlers:\n    file: {class: logging.FileHandler, filename: "
      << folder_ << "/out.log, formatter: line}\n"
      << "  root: {level: NOTSET, handlers: [file]}\n";
}

double ServerProcess::cpu_seconds() const {
  const std::string stat = ReadProc(process_->pid(), "stat");
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
       absl::StrSplit(ReadProc(process_->pid(), "status"), '\n')) {
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
