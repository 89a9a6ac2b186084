// The peak of a logboomd's anonymous memory under loads that are made to raise
// it, each a fresh server on one processor, beside the bound that holds for any
// load. README.md has the figures.
//
//   memory_bench                     every row, 5 s each; two of a minute
//   memory_bench --only 'Exports'    the rows whose names match
//   memory_bench --check             fails when a row is over the bound
//   memory_bench --smoke             every row for a moment

#include <grpc/grpc.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "server/ingest/raw/file_limit.h"
#include "tests/bench/machine_description.h"
#include "tests/bench/memory_rows.h"
#include "tests/bench/memory_run.h"
#include "tests/bench/processors.h"

namespace logboom {
namespace {

struct Flags {
  std::string logboomd = LOGBOOM_BENCH_SERVER;
  std::string only;
  std::string json;
  double seconds = 0;  // 0: as long as each row says
  bool check = false;
  bool list = false;
  bool smoke = false;
};

double Mib(int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

// Empty when `text` is a regular expression.
std::string WhyNotRegex(const std::string& text) {
  try {
    std::regex{text};
    return "";
  } catch (const std::regex_error& error) {
    return error.what();
  }
}

std::vector<MemoryRow> WantedRows(const Flags& flags) {
  const std::regex only(flags.only);
  std::vector<MemoryRow> rows;
  for (const MemoryRow& row : MemoryRows()) {
    if (!std::regex_search(row.name, only)) continue;
    rows.push_back(flags.smoke ? ForAMoment(row) : row);
    if (flags.seconds > 0) rows.back().length = absl::Seconds(flags.seconds);
  }
  return rows;
}

class MemoryBench {
 public:
  explicit MemoryBench(Flags flags) : flags_(std::move(flags)) {}

  // The program's exit code.
  int Run() {
    if (!flags_.list) {
      absl::PrintF("%-60s %8s %8s %12s\n", "", "seconds", "peak MiB",
                   "records");
    }
    const std::vector<MemoryRow> rows = WantedRows(flags_);
    if (rows.empty()) {
      absl::FPrintF(stderr, "no row has %s in its name\n", flags_.only);
      return 1;
    }
    for (const MemoryRow& row : rows) {
      if (flags_.list) {
        absl::PrintF("%s\n", row.name);
      } else {
        Measure(row);
      }
    }
    if (!flags_.json.empty()) WriteJson();
    return good_ ? 0 : 1;
  }

 private:
  void Measure(const MemoryRow& row) {
    absl::PrintF("%-60s %8.1f", row.name, absl::ToDoubleSeconds(row.length));
    std::fflush(stdout);
    const absl::StatusOr<MemoryFigures> run =
        RunMemoryRow(row, flags_.logboomd, row.length);
    if (!run.ok()) {
      absl::PrintF(" %s\n", run.status().ToString());
      good_ = false;
      return;
    }
    const bool over = run->peak_bytes > kMemoryBoundBytes;
    absl::PrintF(" %8.1f %12d%s%s%s\n", Mib(run->peak_bytes), run->records,
                 over ? " OVER" : "",
                 run->ended.empty() ? "" : " ended: ", run->ended);
    std::fflush(stdout);
    if (over && flags_.check) good_ = false;
    rows_.push_back({{"name", row.name},
                     {"seconds", absl::ToDoubleSeconds(row.length)},
                     {"peak_mib", Mib(run->peak_bytes)},
                     {"records", run->records},
                     {"over", over},
                     {"ended", run->ended}});
  }

  void WriteJson() {
    nlohmann::json json = {{"bound_mib", Mib(kMemoryBoundBytes)},
                           {"machine", DescribeMachine()},
                           {"rows", rows_}};
    std::ofstream out(flags_.json);
    out << json.dump(2) << "\n";
    if (out.good()) return;
    absl::FPrintF(stderr, "cannot write %s\n", flags_.json);
    good_ = false;
  }

  const Flags flags_;
  nlohmann::json rows_ = nlohmann::json::array();
  bool good_ = true;
};

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::Flags flags;
  CLI::App app("Measures the peak of a logboomd's anonymous memory.",
               "memory_bench");
  app.add_option("--server", flags.logboomd, "the logboomd to run");
  app.add_option("--only", flags.only,
                 "rows in whose names this regular expression is found")
      ->check(logboom::WhyNotRegex);
  app.add_option("--json", flags.json, "write all figures to this file");
  app.add_option("--seconds", flags.seconds, "how long each row lasts")
      ->check(CLI::PositiveNumber);
  app.add_flag("--check", flags.check,
               "exit code 1 when a row is over the bound");
  app.add_flag("--list", flags.list, "name the rows and run none");
  app.add_flag("--smoke", flags.smoke,
               "every row for a moment: the figures mean nothing");
  CLI11_PARSE(app, argc, argv);
  // For good: with the last channel of a row it would be shut down, and wait
  // for a poll of up to 10 s.
  grpc_init();
  logboom::RaiseFileLimit();
  logboom::StayOffServerProcessor();
  return logboom::MemoryBench(std::move(flags)).Run();
}
