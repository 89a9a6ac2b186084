// Kills a logboomd with SIGKILL at random moments and starts it again, while
// programs stream into it at full speed and its handlers' files are tampered
// with; then stops it and reads everything. Every record that was acknowledged
// must be in the journal exactly once, in each handler's file exactly once and
// in its producer's order, and nothing that was not sent may be anywhere.
//
//   build/release/tests/fault/kill_harness [--kills N] [--seed N]
//
// A run is as random as the machine: a seed draws the same plan again, not the
// same moments. When it finds something it keeps its folder and names it.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/fault/fault_rounds.h"
#include "tests/fault/kill_run.h"

namespace logboom {
namespace {

std::string MakeFolder() {
  std::string name =
      (std::filesystem::temp_directory_path() / "logboom-kill-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) abort();
  return name;
}

int RunHarness(KillRun::Options options, bool keep) {
  options.folder = MakeFolder();
  absl::PrintF("seed %d, %d kills, in %s\n", options.seed, options.kills,
               options.folder);
  std::fflush(stdout);
  KillRun run(options);
  const absl::Status status = run.Run();
  absl::PrintF("%s", run.Report());
  if (!status.ok()) absl::PrintF("FAILED: %s\n", status.ToString());
  const bool good = status.ok() && run.findings().empty();
  if (!good) {
    absl::PrintF("FOUND, seed %d, %s is kept:\n%s", options.seed,
                 options.folder, run.findings().ToString());
    return 1;
  }
  if (!keep) std::filesystem::remove_all(options.folder);
  return 0;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::KillRun::Options options = {.server = LOGBOOM_FAULT_SERVER,
                                       .cli = LOGBOOM_FAULT_CLI,
                                       .kills = logboom::FaultRounds(20),
                                       .seed = std::random_device()()};
  bool keep = false;
  CLI::App app("Kills a logboomd again and again and looks for what is lost.",
               "kill_harness");
  app.add_option("--server", options.server, "the logboomd to run");
  app.add_option("--cli", options.cli, "the logboom to ask");
  app.add_option("--kills", options.kills, "how often it is killed")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "draws the plan; random by default");
  app.add_flag("--keep", keep, "keep the folder in any case");
  app.add_flag("!--no-sabotage", options.sabotage,
               "leave the handlers' files alone");
  CLI11_PARSE(app, argc, argv);
  return logboom::RunHarness(options, keep);
}
