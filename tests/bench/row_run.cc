#include "tests/bench/row_run.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/bench/median.h"
#include "tests/bench/output_progress.h"
#include "tests/bench/process_meter.h"
#include "tests/bench/row_load.h"

namespace logboom {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);
// Without a single record more in the files.
constexpr absl::Duration kStillness = absl::Seconds(5);

void TakeLatencies(const std::vector<absl::Duration>& latencies,
                   RowFigures* figures) {
  if (latencies.empty()) return;
  const auto at = [&](double p) {
    return absl::ToDoubleMilliseconds(Percentile(latencies, p));
  };
  figures->p50_ms = at(0.5);
  figures->p99_ms = at(0.99);
  figures->p999_ms = at(0.999);
}

}  // namespace

absl::StatusOr<RowFigures> RunRow(const ServiceRow& row,
                                  const BenchPrograms& programs,
                                  const std::string& pickle) {
  const std::vector<std::string> messages = MessagesOf(row, pickle);
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<TakerProcess> taker,
      TakerProcess::Start(row, programs,
                          static_cast<int64_t>(messages.front().size())));
  OutputProgress written(taker->output_files(), taker->record_bytes());
  const std::unique_ptr<Load> load = MakeLoad(row, messages, taker->address());
  const absl::Time deadline = absl::Now() + kPatience;
  LOGBOOM_RETURN_IF_ERROR(load->Open(deadline));

  ProcessMeter meter(taker->pid());
  const absl::Time begin = absl::Now();
  const absl::Status sent = load->Send(&written, deadline);
  // What was lost is counted below.
  if (!sent.ok() && !absl::IsDataLoss(sent)) return sent;
  const double taken_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  const int64_t in_files = written.WaitFor(row.records_sent(), kStillness);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  meter.Stop();

  const auto records = static_cast<double>(row.records_sent());
  RowFigures figures = {
      .records = row.records_sent(),
      .lost = std::max<int64_t>(0, row.records_sent() - in_files),
      .taken_per_second = records / taken_seconds,
      .written_per_second = records / seconds,
      .cpu_us = absl::ToDoubleMicroseconds(meter.cpu_time()) / records,
      .anonymous_mib =
          static_cast<double>(meter.peak_anonymous_bytes()) / (1 << 20)};
  TakeLatencies(load->latencies(), &figures);
  return figures;
}

}  // namespace logboom
