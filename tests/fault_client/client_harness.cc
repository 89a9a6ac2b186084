// Two stories of the client library beside a logboomd that is killed and
// started again (restart_story.h), and of a program with a spool that is killed
// too (spool_story.h). Every record that must have arrived must be in the
// handler's file once and in its thread's order.
//
//   build/release/tests/fault_client/client_harness [--seconds N] [--seed N]
//
// --seconds 30 is the form for every day, --seconds 300 the long one: it needs
// about 8 GB in TMPDIR. When it finds something it keeps its folder and names
// it.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "tests/fault_client/restart_story.h"
#include "tests/fault_client/spool_story.h"

namespace logboom {
namespace {

struct HarnessOptions {
  std::string server = LOGBOOM_FAULT_SERVER;
  std::string cli = LOGBOOM_FAULT_CLI;
  std::string victim = LOGBOOM_FAULT_VICTIM;
  std::string story = "both";
  int seconds = 5;
  int lives = 0;
  int64_t rate = 50'000;
  uint64_t seed = std::random_device()();
  bool keep = false;
};

std::string MakeFolder() {
  std::string name =
      (std::filesystem::temp_directory_path() / "logboom-client-XXXXXX")
          .string();
  if (mkdtemp(name.data()) == nullptr) abort();
  return name;
}

// Runs a story in a folder of its own; whether all was well.
template <typename Story>
bool Tell(const char* name, typename Story::Options options, bool keep) {
  options.site.folder = MakeFolder();
  absl::PrintF("== %s, seed %d, in %s\n", name, options.seed,
               options.site.folder);
  std::fflush(stdout);
  Findings findings;
  absl::Status status;
  std::string report;
  {
    Story story(options);
    status = story.Run(&findings);
    report = story.report();
  }
  absl::PrintF("%s", report);
  if (!status.ok()) absl::PrintF("FAILED: %s\n", status.ToString());
  const bool good = status.ok() && findings.empty();
  if (!good) {
    absl::PrintF("FOUND, seed %d, %s is kept:\n%s", options.seed,
                 options.site.folder, findings.ToString());
  } else if (!keep) {
    std::filesystem::remove_all(options.site.folder);
  }
  return good;
}

int RunHarness(const HarnessOptions& options) {
  const ServerSite::Options site = {
      .server = options.server, .cli = options.cli, .folder = ""};
  bool good = true;
  if (options.story != "spool") {
    good &= Tell<RestartStory>("kills",
                               {.site = site,
                                .time = absl::Seconds(options.seconds),
                                .records_per_second = options.rate,
                                .seed = options.seed},
                               options.keep);
  }
  if (options.story != "kills") {
    const int lives = options.lives > 0      ? options.lives
                      : options.seconds < 15 ? 6
                      : options.seconds < 50 ? 12
                                             : 20;
    good &= Tell<SpoolStory>("spool",
                             {.site = site,
                              .victim = options.victim,
                              .lives = lives,
                              .records_per_second = options.rate,
                              .seed = options.seed},
                             options.keep);
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::HarnessOptions options;
  CLI::App app("Kills servers and programs under the client library.",
               "client_harness");
  app.add_option("--server", options.server, "the logboomd to run");
  app.add_option("--cli", options.cli, "the logboom to ask");
  app.add_option("--victim", options.victim, "the client_victim to kill");
  app.add_option("--story", options.story, "kills, spool or both")
      ->check(CLI::IsMember({"kills", "spool", "both"}));
  app.add_option("--seconds", options.seconds, "of the story of kills")
      ->check(CLI::PositiveNumber);
  app.add_option("--lives", options.lives,
                 "of the story of the spool; 0: as --seconds suggests");
  app.add_option("--rate", options.rate, "records a second")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "draws the plan; random by default");
  app.add_flag("--keep", options.keep, "keep the folders in any case");
  CLI11_PARSE(app, argc, argv);
  return logboom::RunHarness(options);
}
