#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/fault/kill_run.h"

namespace logboom {
namespace {

double Percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / whole;
}

}  // namespace

std::string KillRun::Report() const {
  PublishProducer::Totals all;
  for (const auto& producer : producers_) {
    const PublishProducer::Totals one = producer->totals();
    all.made.Add(one.made);
    all.acknowledged_records += one.acknowledged_records;
    all.opened_streams += one.opened_streams;
    all.fenced_streams += one.fenced_streams;
    all.resent_batches += one.resent_batches;
  }
  std::string text = absl::StrFormat(
      "%d kills in %.1f s (%d while it started, %d while it stopped), %d "
      "orderly stops; %d times a file ended inside a record\n",
      counts_.kills, absl::ToDoubleSeconds(stopped_ - begin_),
      counts_.while_starting, counts_.while_stopping, counts_.stops,
      counts_.torn);
  absl::StrAppendFormat(
      &text,
      "publish: %d records acknowledged of %d, %d batches sent again, %d "
      "streams, %d fenced; %d batches rejected, %d sequences left out\n",
      all.acknowledged_records, all.made.records, all.resent_batches,
      all.opened_streams, all.fenced_streams, all.made.malformed,
      all.made.skipped_sequences);
  const uint64_t lost = raw_.sent - raw_.stored;
  absl::StrAppendFormat(&text,
                        "raw TCP: %d records stored of %d sent, %d lost with "
                        "the server that read them (%.1f %%)\n",
                        raw_.stored, raw_.sent, lost, Percent(lost, raw_.sent));
  absl::StrAppendFormat(&text, "journal: %d records; ledger: %s\n",
                        journal_.head, journal_.ledger.ToString());
  for (const auto& [name, output] : outputs_) {
    absl::StrAppendFormat(&text, "%s: %d records\n", name,
                          output.contents.records);
  }
  const OutputReport& shared =
      outputs_.count("shared") != 0 ? outputs_.at("shared") : OutputReport();
  absl::StrAppendFormat(
      &text,
      "sabotage: %d limits, %d folders moved, %d lines by hand (%d behind a "
      "torn write, %d records repeated after them)\n",
      saboteur_.counts().limits, saboteur_.counts().moves,
      saboteur_.hand_lines().size(), shared.torn_lines,
      shared.repeated_records);
  return text;
}

}  // namespace logboom
