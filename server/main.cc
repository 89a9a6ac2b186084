// logboomd: flags, signals, exit code.

#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "base/diagnostics.h"
#include "base/exit_codes.h"
#include "server/config/config_loader.h"
#include "server/ingest/raw/file_limit.h"
#include "server/server.h"

namespace logboom {
namespace {

// Buffers of some 100 KB come and go with every batch. Left to itself, glibc
// hands their pages back and has them faulted in again, which takes a fifth of
// the CPU time of a record (service_bench --only 'Publish$', with and without
// this). Each arena keeps at most kKeptBytes so.
void KeepFreedPages() {
  constexpr int kKeptBytes = 8 << 20;
  constexpr int kLeastMapped = 4 << 20;
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  mallopt(M_MMAP_THRESHOLD, kLeastMapped);
}

// Blocks the signals that end the server in this thread and all it will start,
// so that WaitForStop alone receives them.
sigset_t BlockStopSignals() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  return stop;
}

void WaitForStop(const sigset_t& stop) {
  int signal = 0;
  while (sigwait(&stop, &signal) != 0) {
  }
}

int Run(const std::string& config_file) {
  const absl::StatusOr<Config> config =
      config_file.empty() ? DefaultConfig() : LoadConfigFile(config_file);
  if (!config.ok()) {
    absl::FPrintF(stderr, "%s\n", config.status().message());
    return kExitFailed;
  }
  const sigset_t stop = BlockStopSignals();
  RaiseFileLimit();
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(*config);
  if (!server.ok()) {
    Diagnose(DiagnosticLevel::kError, server.status().message());
    return kExitFailed;
  }
  WaitForStop(stop);
  (*server)->Stop();
  return kExitDone;
}

int Main(int argc, char** argv) {
  KeepFreedPages();
  SetDiagnosticsProgram("logboomd");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that grows too large just fails
  SendGrpcLogToDiagnostics();

  CLI::App app(
      "Takes in log records, keeps them in a durable journal and re-emits each "
      "one through hierarchical loggers.",
      "logboomd");
  std::string config_file;
  app.add_option(
         "--config,-c", config_file,
         "YAML or JSON configuration; without it: gRPC on 127.0.0.1:4317, raw "
         "TCP on 127.0.0.1:9020, journal in ./logboom-data, all records to "
         "stdout")
      ->option_text("FILE");
  app.set_version_flag("--version", std::string("logboomd ") + LOGBOOM_VERSION);
  app.footer(
      "SIGTERM and SIGINT stop it: what came in is written first, for at most "
      "4 s.\n"
      "Exit codes: 0 stopped, 1 failed (a bad configuration included), "
      "2 misused.\n"
      "`logboom check FILE` checks a configuration without starting.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitMisused;
  }
  return Run(config_file);
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) { return logboom::Main(argc, argv); }
