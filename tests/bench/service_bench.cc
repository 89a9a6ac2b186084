// The whole service under load, beside what its transports cost by themselves
// and what others need for the same records: each row a fresh server on one
// processor, fed from the other over loopback.
//
//   service_bench                     every row, medians of 3 runs
//   service_bench --only Publish      the rows whose names have the word
//   service_bench --json FILE         all figures, for plot_service.py
//   service_bench --smoke             every row for a moment, once

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/page_cache.h"
#include "tests/bench/processors.h"
#include "tests/bench/row_run.h"
#include "tests/bench/service_rows.h"
#include "tests/bench/service_table.h"

namespace logboom {
namespace {

struct Flags {
  BenchPrograms programs = {.logboomd = LOGBOOM_BENCH_SERVER,
                            .floor_server = LOGBOOM_BENCH_FLOOR,
                            .cookbook_receiver = LOGBOOM_BENCH_RECEIVER,
                            .cookbook_runner = LOGBOOM_BENCH_RUNNER};
  std::string pickle = LOGBOOM_BENCH_PICKLE;
  std::vector<std::string> only;
  std::string json;
  int runs = 3;
  double scale = 1;
  int in_flight = 0;
  bool list = false;
  bool smoke = false;
  bool no_warm_up = false;
};

constexpr double kSmokeScale = 0.01;
// More than nearly any row writes.
constexpr int64_t kWarmUpBytes = int64_t{2} << 30;

std::vector<ServiceRow> WantedRows(const Flags& flags) {
  std::vector<ServiceRow> rows;
  for (ServiceRow& row : ServiceRows()) {
    const auto scaled = [&flags](int64_t number) {
      return static_cast<int64_t>(static_cast<double>(number) * flags.scale);
    };
    row.records = scaled(row.records);
    row.journal_bytes = scaled(row.journal_bytes);
    if (flags.in_flight > 0) row.in_flight = flags.in_flight;
    const bool wanted =
        flags.only.empty() ||
        std::any_of(flags.only.begin(), flags.only.end(),
                    [&row](const std::string& part) {
                      return part.back() == '$'
                                 ? absl::StrCat(row.name, "$") == part
                                 : absl::StrContains(row.name, part);
                    });
    if (wanted) rows.push_back(std::move(row));
  }
  return rows;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void WarmUp() {
  const absl::Status warmed = WarmPageCache(kWarmUpBytes);
  if (warmed.ok()) return;
  absl::FPrintF(stderr, "no warm-up: %s\n", warmed.message());
}

// False: the row failed, rather than that it cannot be measured here.
bool MeasureRow(const Flags& flags, const std::string& pickle,
                MeasuredRow* measured) {
  std::vector<RowFigures> runs;
  for (int i = 0; i < flags.runs; ++i) {
    if (!flags.no_warm_up) WarmUp();
    const absl::StatusOr<RowFigures> run =
        RunRow(measured->row, flags.programs, pickle);
    if (!run.ok()) {
      measured->note = run.status().ToString();
      return absl::IsNotFound(run.status());
    }
    runs.push_back(*run);
  }
  measured->figures = MediansOf(runs);
  measured->measured = true;
  if (measured->figures.lost == 0) return true;
  measured->note = absl::StrCat("LOST ", measured->figures.lost, " records");
  return measured->row.taker != Taker::kLogboomd;
}

int Run(Flags flags) {
  if (flags.smoke) {
    flags.runs = 1;
    flags.scale = kSmokeScale;
    flags.no_warm_up = true;
  }
  const std::string pickle = ReadFile(flags.pickle);
  if (pickle.empty()) {
    absl::FPrintF(stderr, "no pickle in %s\n", flags.pickle);
    return 1;
  }
  std::vector<MeasuredRow> rows;
  bool good = true;
  if (!flags.list) PrintHeading();
  for (const ServiceRow& row : WantedRows(flags)) {
    if (flags.list) {
      absl::PrintF("%s\n", row.name);
      continue;
    }
    MeasuredRow& measured = rows.emplace_back(MeasuredRow{.row = row});
    good &= MeasureRow(flags, pickle, &measured);
    PrintRow(measured);
  }
  PrintComparisons(rows);
  if (!flags.json.empty()) {
    const absl::Status written = WriteJson(flags.json, flags.runs, rows);
    if (!written.ok()) {
      absl::FPrintF(stderr, "%s\n", written.message());
      good = false;
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::Flags flags;
  CLI::App app("Measures a whole logboomd, its floors and its peers.",
               "service_bench");
  app.add_option("--server", flags.programs.logboomd, "the logboomd to run");
  app.add_option("--pickle", flags.pickle,
                 "a file with one pickle, as SocketHandler makes it");
  app.add_option("--only", flags.only,
                 "rows whose names have this in them, or are this and a $");
  app.add_option("--json", flags.json, "write all figures to this file");
  app.add_option("--runs", flags.runs, "runs of each row; medians are shown")
      ->check(CLI::PositiveNumber);
  app.add_option("--scale", flags.scale, "so many times the records")
      ->check(CLI::PositiveNumber);
  app.add_option("--in-flight", flags.in_flight,
                 "messages sent and not answered on each connection")
      ->check(CLI::PositiveNumber);
  app.add_flag("--list", flags.list, "name the rows and run none");
  app.add_flag(
      "--no-warm-up", flags.no_warm_up,
      "do not write and remove a file of 2 GiB before each run: it gets "
      "the memory of the page cache from a virtual machine's host, or "
      "some runs, whichever they are, would pay for that");
  app.add_flag("--smoke", flags.smoke,
               "every row for a moment, and no warm-up");
  CLI11_PARSE(app, argc, argv);
  logboom::StayOffServerProcessor();
  return logboom::Run(flags);
}
