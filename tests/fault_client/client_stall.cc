// Logs as fast as it can to a server that is stopped, frozen, half-open or
// slow, with each WhenFull, and prints how long calls took (stall_story.h).
//
//   build/release/tests/fault_client/client_stall [--trouble NAME] [--seconds
//   N]

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "tests/fault_client/stall_story.h"

namespace logboom {
namespace {

struct StallOptions {
  ServerSite::Options site = {
      .server = LOGBOOM_FAULT_SERVER, .cli = LOGBOOM_FAULT_CLI, .folder = ""};
  std::string trouble = "all";
  double seconds = 1;
};

std::string MakeFolder() {
  std::string name =
      (std::filesystem::temp_directory_path() / "logboom-stall-XXXXXX")
          .string();
  if (mkdtemp(name.data()) == nullptr) abort();
  return name;
}

std::string Microseconds(absl::Duration duration) {
  return absl::StrFormat("%.1f", absl::ToDoubleMicroseconds(duration));
}

void PrintRow(const StallStory::Options& options, const StallStory& story) {
  const CallLatencies& calls = story.latencies();
  absl::PrintF("%-10s %-12s %10d %10s %10s %10s %10s\n  %s\n",
               TroubleName(options.trouble), WhenFullName(options.when_full),
               calls.count(), Microseconds(calls.Percentile(0.5)),
               Microseconds(calls.Percentile(0.99)),
               Microseconds(calls.Percentile(0.999)), Microseconds(calls.max()),
               story.report());
  std::fflush(stdout);
}

// Whether all was well.
bool Tell(StallStory::Options options) {
  options.site.folder = MakeFolder();
  Findings findings;
  absl::Status status;
  {
    StallStory story(options);
    status = story.Run(&findings);
    PrintRow(options, story);
  }
  if (!status.ok()) absl::PrintF("FAILED: %s\n", status.ToString());
  if (!status.ok() || !findings.empty()) {
    absl::PrintF("FOUND, %s is kept:\n%s", options.site.folder,
                 findings.ToString());
    return false;
  }
  std::filesystem::remove_all(options.site.folder);
  return true;
}

int RunStall(const StallOptions& options) {
  absl::PrintF("%-10s %-12s %10s %10s %10s %10s %10s\n", "server", "when full",
               "calls", "p50 us", "p99 us", "p99.9 us", "max us");
  bool good = true;
  for (const Trouble trouble : kAllTroubles) {
    const auto only = TroubleFromName(options.trouble);
    if (only.has_value() && *only != trouble) continue;
    for (const WhenFull when_full :
         {WhenFull::kBlock, WhenFull::kDropNewest, WhenFull::kSpill}) {
      good &= Tell({.site = options.site,
                    .trouble = trouble,
                    .when_full = when_full,
                    .time = absl::Seconds(options.seconds)});
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::StallOptions options;
  CLI::App app("Logs to a server in trouble.", "client_stall");
  app.add_option("--server", options.site.server, "the logboomd to run");
  app.add_option("--cli", options.site.cli, "the logboom to ask");
  app.add_option("--trouble", options.trouble, "one kind only")
      ->check(CLI::IsMember({"all", "stopped", "frozen", "half-open", "slow"}));
  app.add_option("--seconds", options.seconds, "to log for, each time")
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return logboom::RunStall(options);
}
