#include "tests/bench/server_process.h"

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "tests/bench/process_meter.h"

namespace logboom {
namespace {

// For a start or a stop, which take well under a second.
constexpr absl::Duration kPatience = absl::Minutes(1);

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    Options options) {
  auto server = std::unique_ptr<ServerProcess>(new ServerProcess());
  if (options.folder.empty()) {
    LOGBOOM_ASSIGN_OR_RETURN(server->own_folder_, BenchFolder::Create());
    options.folder = server->own_folder_->path();
  }
  server->options_ = std::move(options);
  server->WriteConfig();
  const absl::Time begin = absl::Now();
  LOGBOOM_ASSIGN_OR_RETURN(
      server->process_,
      LogboomdProcess::Start(
          {.program = server->options_.program,
           .config_file = absl::StrCat(server->folder(), "/config.yaml"),
           .cpu = server->options_.cpu}));
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
}

std::vector<std::string> ServerProcess::output_files() const {
  std::vector<std::string> files = {
      options_.output.empty() ? folder() + "/out.log" : options_.output};
  for (int i = 1; i < options_.handlers; ++i) {
    files.push_back(absl::StrCat(folder(), "/out", i, ".log"));
  }
  return files;
}

bool ServerProcess::is_running() {
  return absl::IsDeadlineExceeded(
      process_->Wait(absl::InfinitePast()).status());
}

void ServerProcess::WriteConfig() const {
  std::string handlers;
  std::vector<std::string> names;
  for (const std::string& file : output_files()) {
    names.push_back(absl::StrCat("file", names.size()));
    absl::StrAppend(&handlers, "    ", names.back(),
                    ": {class: logging.FileHandler, filename: ", file,
                    ", formatter: line}\n");
  }
  std::ofstream(absl::StrCat(folder(), "/config.yaml"))
      << "listen: {grpc: '127.0.0.1:0', tcp: '127.0.0.1:0'}\n"
      << "journal: {path: " << journal_folder()
      << ", retain_bytes: " << options_.retain_bytes << "}\n"
      << "logging:\n  version: 1\n  formatters:\n    line: {format: "
      << "'%(asctime)s %(levelname)-8s %(name)s %(message)s'}\n"
      << "  handlers:\n"
      << handlers << "  root: {level: NOTSET, handlers: ["
      << absl::StrJoin(names, ", ") << "]}\n";
}

double ServerProcess::cpu_seconds() const {
  return absl::ToDoubleSeconds(ProcessCpuTime(process_->pid()));
}

int64_t ServerProcess::anonymous_bytes() const {
  return ProcessAnonymousBytes(process_->pid());
}

bool ServerProcess::WaitForLines(int64_t lines, double seconds) const {
  const std::string path = output_files().front();
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
