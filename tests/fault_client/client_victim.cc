// A program that logs with a spool until it is killed, or until SIGTERM: then
// it ends in order and writes how many calls each thread made to a file. Run by
// client_harness, one life after another.

#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "logboom/client.h"
#include "tests/fault_client/logging_threads.h"
#include "tests/fault_client/stats_balance.h"

namespace logboom {
namespace {

struct VictimOptions {
  Options client = {.service_name = "victim",
                    .buffer_bytes = int64_t{1} << 20,
                    .when_full = WhenFull::kSpill,
                    .block_timeout = absl::Minutes(1),
                    .connect_timeout = absl::Seconds(2),
                    .backoff_max = absl::Milliseconds(500),
                    .shutdown_timeout = absl::Seconds(1)};
  LoggingThreads::Options threads;
  std::string calls_file;
  int drain_seconds = 0;
};

// Waits until nothing is in the spool. False: not in time.
bool Drain(Client* client, absl::Time deadline) {
  absl::Status status = client->Flush(deadline);
  while (status.ok() && absl::Now() < deadline) {
    const ClientStats stats = client->stats();
    if (stats.left_by_earlier_runs == 0 && stats.pending == 0) return true;
    absl::SleepFor(absl::Milliseconds(20));
  }
  std::fprintf(stderr, "not drained: %s; %s\n", status.ToString().c_str(),
               ClientStatsText(client->stats()).c_str());
  return false;
}

int RunVictim(const VictimOptions& options, const sigset_t& signals) {
  const std::unique_ptr<Client> client = Client::Create(options.client);
  LoggingThreads threads(options.threads, client.get());
  if (options.drain_seconds == 0) {
    int signal = 0;
    sigwait(&signals, &signal);
  } else {
    absl::SleepFor(absl::Milliseconds(200));
  }
  threads.Stop();
  const bool drained =
      options.drain_seconds == 0 ||
      Drain(client.get(), absl::Now() + absl::Seconds(options.drain_seconds));
  client->Shutdown();
  const ClientStats stats = client->stats();
  std::fprintf(stderr, "life %d: %s\n", options.threads.life,
               ClientStatsText(stats).c_str());
  std::ofstream calls(options.calls_file);
  for (const uint64_t count : threads.calls()) calls << count << "\n";
  calls.close();
  return drained && calls.good() && stats.lost() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  logboom::VictimOptions options;
  CLI::App app("Logs until it is killed.", "client_victim");
  app.add_option("--server", options.client.server)->required();
  app.add_option("--spool", options.client.spool_dir)->required();
  app.add_option("--calls", options.calls_file)->required();
  app.add_option("--life", options.threads.life);
  app.add_option("--rate", options.threads.records_per_second);
  app.add_option("--drain", options.drain_seconds,
                 "log a little, send all there is, wait at most so many "
                 "seconds for that, and end");
  CLI11_PARSE(app, argc, argv);
  return logboom::RunVictim(options, signals);
}
