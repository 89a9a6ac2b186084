#include "tests/bench/service_table.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "tests/bench/machine_description.h"
#include "tests/bench/median.h"

namespace logboom {
namespace {

template <typename T>
T MedianOf(const std::vector<RowFigures>& runs, T RowFigures::*figure) {
  std::vector<T> values;
  for (const RowFigures& run : runs) values.push_back(run.*figure);
  return Median(values);
}

// A row that another one with another taker is measured beside.
bool AreCompared(const ServiceRow& ours, const ServiceRow& theirs) {
  return ours.taker == Taker::kLogboomd && theirs.taker != Taker::kLogboomd &&
         ours.way == theirs.way && ours.batch == theirs.batch &&
         ours.connections == theirs.connections && ours.handlers == 1 &&
         ours.synced && !ours.many_loggers && ours.journal_bytes == 0;
}

nlohmann::json ToJson(const MeasuredRow& measured) {
  const ServiceRow& row = measured.row;
  nlohmann::json json = {{"name", row.name},
                         {"way", NameOf(row.way)},
                         {"taker", NameOf(row.taker)},
                         {"batch", row.batch},
                         {"connections", row.connections},
                         {"in_flight", row.in_flight},
                         {"synced", row.synced},
                         {"handlers", row.handlers},
                         {"loggers", row.many_loggers ? kManyLoggers : 1},
                         {"journal_bytes", row.journal_bytes},
                         {"note", measured.note},
                         {"measured", measured.measured}};
  if (!measured.measured) return json;
  const RowFigures& figures = measured.figures;
  json["records"] = figures.records;
  json["lost"] = figures.lost;
  json["taken_per_second"] = figures.taken_per_second;
  json["written_per_second"] = figures.written_per_second;
  json["cpu_us"] = figures.cpu_us;
  json["anonymous_mib"] = figures.anonymous_mib;
  if (figures.p50_ms > 0) {
    json["ack_ms"] = {{"p50", figures.p50_ms},
                      {"p99", figures.p99_ms},
                      {"p999", figures.p999_ms}};
  }
  return json;
}

}  // namespace

RowFigures MediansOf(const std::vector<RowFigures>& runs) {
  RowFigures medians;
  medians.records = runs.front().records;
  for (const RowFigures& run : runs) medians.lost += run.lost;
  for (double RowFigures::*figure :
       {&RowFigures::taken_per_second, &RowFigures::written_per_second,
        &RowFigures::cpu_us, &RowFigures::anonymous_mib, &RowFigures::p50_ms,
        &RowFigures::p99_ms, &RowFigures::p999_ms}) {
    medians.*figure = MedianOf(runs, figure);
  }
  return medians;
}

void PrintHeading() {
  absl::PrintF("%-38s %10s %10s %10s %8s %8s %8s %8s\n", "", "taken/s",
               "written/s", "CPU us/rec", "anon MiB", "p50 ms", "p99 ms",
               "p99.9 ms");
  std::fflush(stdout);
}

void PrintRow(const MeasuredRow& measured) {
  absl::PrintF("%-38s", measured.row.name);
  if (measured.measured) {
    const RowFigures& figures = measured.figures;
    absl::PrintF(" %10.0f %10.0f %10.3f %8.1f", figures.taken_per_second,
                 figures.written_per_second, figures.cpu_us,
                 figures.anonymous_mib);
    if (figures.p50_ms > 0) {
      absl::PrintF(" %8.3f %8.3f %8.3f", figures.p50_ms, figures.p99_ms,
                   figures.p999_ms);
    }
  }
  if (!measured.note.empty()) absl::PrintF(" %s", measured.note);
  absl::PrintF("\n");
  std::fflush(stdout);
}

void PrintComparisons(const std::vector<MeasuredRow>& rows) {
  for (const MeasuredRow& ours : rows) {
    for (const MeasuredRow& theirs : rows) {
      if (!AreCompared(ours.row, theirs.row)) continue;
      if (!ours.measured || !theirs.measured) continue;
      absl::PrintF("%s: %.2f times the CPU of %s\n", ours.row.name,
                   ours.figures.cpu_us / theirs.figures.cpu_us,
                   NameOf(theirs.row.taker));
    }
  }
}

absl::Status WriteJson(const std::string& path, int runs,
                       const std::vector<MeasuredRow>& rows) {
  nlohmann::json json = {{"runs", runs}};
  for (const auto& [key, value] : DescribeMachine())
    json["machine"][key] = value;
  for (const MeasuredRow& row : rows) json["rows"].push_back(ToJson(row));
  std::ofstream out(path);
  out << json.dump(2) << "\n";
  if (out.good()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path));
}

}  // namespace logboom
