// How long a logboomd takes to start over journals of several sizes and with
// many producers in their table, what those take of its memory, and how long
// they hold up an append that begins a segment. README.md has the figures.
//
//   build/release/tests/bench/start_bench [--drop-caches] [--smoke]
//
// Journals are made in the temporary folder (TMPDIR), one at a time.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "tests/bench/journal_filler.h"
#include "tests/bench/median.h"
#include "tests/bench/server_process.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

struct Options {
  std::string program = LOGBOOM_BENCH_SERVER;
  std::vector<int64_t> mib = {0, 1024, 10'240};
  int producers = 100'000;
  int batch_records = 1000;
  int64_t segment_mib = 128;
  int runs = 5;
  bool drop_caches = false;
  bool smoke = false;

  int64_t segment_bytes() const { return segment_mib << 20; }
};

// Programs and all: what is not in memory is read from the disk again.
absl::Status DropCaches() {
  sync();
  std::ofstream file("/proc/sys/vm/drop_caches");
  file << "3" << std::flush;
  if (file.good()) return absl::OkStatus();
  return absl::PermissionDeniedError("only root may drop the machine's caches");
}

// One journal after the other, each printed as it is measured.
class StartBench {
 public:
  explicit StartBench(const Options& options) : options_(options) {}

  absl::Status Run() {
    absl::PrintF("Start to listening, ms, medians of %d; memory then\n",
                 options_.runs);
    absl::PrintF("%9s %10s %-16s %8s %8s %9s\n", "MiB", "producers",
                 "newest segment", "warm", "cold", "anon MiB");
    for (const int64_t mib : options_.mib) {
      LOGBOOM_RETURN_IF_ERROR(MeasureStart(mib, 0));
    }
    LOGBOOM_RETURN_IF_ERROR(MeasureStart(kProducersMib, 0));
    LOGBOOM_RETURN_IF_ERROR(MeasureStart(kProducersMib, options_.producers));
    absl::PrintF(
        "\nAppend of one record to its sync, ms, medians of %d\n%10s %8s "
        "%22s\n",
        options_.runs, "producers", "plain", "beginning a segment");
    LOGBOOM_RETURN_IF_ERROR(MeasureRoll(0));
    return MeasureRoll(options_.producers);
  }

 private:
  // Of the journals with and without producers: about a segment.
  static constexpr int64_t kProducersMib = 1;

  absl::Status MeasureStart(int64_t mib, int producers) {
    const TempFolder folder;
    const std::string journal = folder.PathOf("journal");
    if (mib == 0) return PrintStart(folder.path(), producers, "none");
    LOGBOOM_RETURN_IF_ERROR(Fill(journal, mib, producers));
    LOGBOOM_RETURN_IF_ERROR(PrintStart(folder.path(), producers, "full"));
    LOGBOOM_RETURN_IF_ERROR(BeginSegment(journal));
    return PrintStart(folder.path(), producers, "just begun");
  }

  absl::Status Fill(const std::string& journal, int64_t mib,
                    int producers) const {
    LOGBOOM_ASSIGN_OR_RETURN(
        const std::unique_ptr<JournalFiller> filler,
        JournalFiller::Open(journal, options_.segment_bytes()));
    LOGBOOM_RETURN_IF_ERROR(filler->AppendOne().status());
    LOGBOOM_RETURN_IF_ERROR(filler->AddProducers(producers));
    LOGBOOM_RETURN_IF_ERROR(filler->AddBytes(
        (mib << 20) - options_.segment_bytes() / 2, options_.batch_records));
    return filler->FillSegment(options_.batch_records);
  }

  absl::Status BeginSegment(const std::string& journal) const {
    LOGBOOM_ASSIGN_OR_RETURN(
        const std::unique_ptr<JournalFiller> filler,
        JournalFiller::Open(journal, options_.segment_bytes()));
    LOGBOOM_RETURN_IF_ERROR(filler->PlugSegment());
    return filler->AppendOne().status();
  }

  static int64_t MibIn(const std::string& journal) {
    int64_t bytes = 0;
    std::error_code none_yet;
    for (const auto& file :
         std::filesystem::directory_iterator(journal, none_yet)) {
      if (file.is_regular_file())
        bytes += static_cast<int64_t>(file.file_size());
    }
    return bytes >> 20;
  }

  absl::Status PrintStart(const std::string& folder, int producers,
                          absl::string_view newest) const {
    // Not counted: the first one creates the handler's cursor.
    LOGBOOM_RETURN_IF_ERROR(StartOnce(folder).status());
    std::vector<double> warm, cold, anonymous_mib;
    for (int i = 0; i < options_.runs; ++i) {
      LOGBOOM_ASSIGN_OR_RETURN(const Start start, StartOnce(folder));
      warm.push_back(start.milliseconds);
      anonymous_mib.push_back(start.anonymous_mib);
      if (!options_.drop_caches) continue;
      LOGBOOM_RETURN_IF_ERROR(DropCaches());
      LOGBOOM_ASSIGN_OR_RETURN(const Start cold_start, StartOnce(folder));
      cold.push_back(cold_start.milliseconds);
    }
    absl::PrintF("%9d %10d %-16s %8.1f %8s %9.1f\n", MibIn(folder + "/journal"),
                 producers, newest, Median(warm),
                 cold.empty() ? "-" : absl::StrFormat("%.1f", Median(cold)),
                 Median(anonymous_mib));
    std::fflush(stdout);
    return absl::OkStatus();
  }

  struct Start {
    double milliseconds = 0;
    double anonymous_mib = 0;
  };
  absl::StatusOr<Start> StartOnce(const std::string& folder) const {
    LOGBOOM_ASSIGN_OR_RETURN(
        const std::unique_ptr<ServerProcess> server,
        ServerProcess::Start({.program = options_.program, .folder = folder}));
    return Start{absl::ToDoubleMilliseconds(server->start_time()),
                 static_cast<double>(server->anonymous_bytes()) / (1 << 20)};
  }

  absl::Status MeasureRoll(int producers) const {
    const TempFolder folder;
    LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<JournalFiller> filler,
                             JournalFiller::Open(folder.PathOf("journal"),
                                                 options_.segment_bytes()));
    LOGBOOM_RETURN_IF_ERROR(filler->AddProducers(producers));
    std::vector<double> plain, rolling;
    for (int i = 0; i < options_.runs; ++i) {
      LOGBOOM_ASSIGN_OR_RETURN(const absl::Duration one, filler->AppendOne());
      plain.push_back(absl::ToDoubleMilliseconds(one));
      LOGBOOM_RETURN_IF_ERROR(filler->PlugSegment());
      LOGBOOM_ASSIGN_OR_RETURN(const absl::Duration other, filler->AppendOne());
      rolling.push_back(absl::ToDoubleMilliseconds(other));
    }
    absl::PrintF("%10d %8.1f %22.1f\n", producers, Median(plain),
                 Median(rolling));
    std::fflush(stdout);
    return absl::OkStatus();
  }

  const Options options_;
};

void MakeSmoke(Options* options) {
  options->mib = {0, 4};
  options->producers = 1000;
  options->segment_mib = 2;
  options->runs = 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::Options options;
  CLI::App app("Measures how long a logboomd takes to start.", "start_bench");
  app.add_option("--server", options.program, "the logboomd to run");
  app.add_option("--mib", options.mib, "sizes of journals, a pair of rows each")
      ->check(CLI::Range(0, 1 << 20));
  app.add_option("--producers", options.producers, "in the producer table")
      ->check(CLI::PositiveNumber);
  app.add_option("--batch", options.batch_records, "records an entry")
      ->check(CLI::Range(1, 1000));
  app.add_option("--runs", options.runs, "of each measurement")
      ->check(CLI::PositiveNumber);
  app.add_flag(
      "--drop-caches", options.drop_caches,
      "cold starts too: needs root, and slows everything down a while");
  app.add_flag("--smoke", options.smoke,
               "a moment of everything: the figures mean nothing");
  CLI11_PARSE(app, argc, argv);
  if (options.smoke) logboom::MakeSmoke(&options);
  const absl::Status status = logboom::StartBench(options).Run();
  if (!status.ok()) absl::FPrintF(stderr, "%s\n", status.ToString());
  return status.ok() ? 0 : 1;
}
