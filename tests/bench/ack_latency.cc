#include "tests/bench/ack_latency.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/bench/batch_stream.h"
#include "tests/bench/disk_floor.h"
#include "tests/bench/median.h"
#include "tests/bench/pacer.h"
#include "tests/bench/processors.h"
#include "tests/bench/sample_batch.h"
#include "tests/bench/server_process.h"

namespace logboom {
namespace {

using Latencies = std::vector<absl::Duration>;

constexpr absl::Duration kBatchAge = absl::Milliseconds(1);
constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr int kEntryOverheadBytes = 128;
constexpr double kPercentiles[] = {0.5, 0.9, 0.99, 0.999, 1};

int64_t BatchesOf(const AckLatencyOptions& options) {
  return std::max<int64_t>(1, options.run_time / kBatchAge);
}

// Sends what is due, on this thread, until all is acknowledged.
absl::StatusOr<Latencies> RunServer(const AckLatencyOptions& options,
                                    bool synced, absl::string_view batch) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                           ServerProcess::Start({.program = options.program,
                                                 .cpu = kServerProcessor}));
  const int64_t batches = BatchesOf(options);
  Latencies latencies;
  latencies.reserve(static_cast<size_t>(batches));
  std::optional<Pacer> pacer;  // made before the first batch is sent
  BatchStream stream({.server = server->grpc_address(),
                      .synced = synced,
                      .on_ack =
                          [&](uint64_t acked) {
                            const absl::Time now = absl::Now();
                            while (latencies.size() < acked) {
                              const auto next =
                                  static_cast<int64_t>(latencies.size());
                              latencies.push_back(now - pacer->DueTime(next));
                            }
                          }},
                     batch);
  LOGBOOM_RETURN_IF_ERROR(stream.Open(absl::Now() + kPatience));
  pacer.emplace(kBatchAge);
  for (int64_t i = 0; i < batches; ++i) {
    pacer->WaitUntil(i);
    stream.SendUpTo(static_cast<uint64_t>(i + 1));
  }
  LOGBOOM_RETURN_IF_ERROR(stream.WaitForAck(static_cast<uint64_t>(batches),
                                            absl::Now() + kPatience));
  return latencies;
}

// The same bytes at the same pace, by this program.
absl::StatusOr<Latencies> RunDisk(const AckLatencyOptions& options,
                                  absl::string_view batch) {
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<DiskFloor> floor,
      DiskFloor::Create(
          static_cast<int64_t>(batch.size()) + kEntryOverheadBytes,
          static_cast<int>(BatchesOf(options))));
  return floor->Run(kBatchAge);
}

// A row's percentiles, run by run.
class Row {
 public:
  explicit Row(absl::string_view name) : name_(name) {}

  absl::Status Add(absl::StatusOr<Latencies> run) {
    LOGBOOM_RETURN_IF_ERROR(run.status());
    for (size_t i = 0; i < std::size(kPercentiles); ++i) {
      values_[i].push_back(
          absl::ToDoubleMilliseconds(Percentile(*run, kPercentiles[i])));
    }
    return absl::OkStatus();
  }

  void Print(int records_per_second) const {
    absl::PrintF("%9d %-11s", records_per_second, name_);
    for (size_t i = 0; i < std::size(kPercentiles); ++i) {
      const double of_runs = kPercentiles[i] == 1 ? 1 : 0.5;
      absl::PrintF(" %8.2f", Percentile(values_[i], of_runs));
    }
    absl::PrintF("\n");
    std::fflush(stdout);
  }

 private:
  const absl::string_view name_;
  std::vector<double> values_[std::size(kPercentiles)];
};

absl::Status MeasureLoad(const AckLatencyOptions& options,
                         int records_per_second) {
  const auto batch_records =
      static_cast<int>(records_per_second * absl::ToDoubleSeconds(kBatchAge));
  const std::string batch = SampleBatch(std::max(1, batch_records));
  Row disk("disk alone"), written("WRITTEN"), synced("SYNCED");
  for (int i = 0; i < options.runs; ++i) {
    LOGBOOM_RETURN_IF_ERROR(disk.Add(RunDisk(options, batch)));
    LOGBOOM_RETURN_IF_ERROR(written.Add(RunServer(options, false, batch)));
    LOGBOOM_RETURN_IF_ERROR(synced.Add(RunServer(options, true, batch)));
  }
  for (const Row* row : {&disk, &written, &synced}) {
    row->Print(records_per_second);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureAckLatency(const AckLatencyOptions& options) {
  absl::PrintF(
      "Milliseconds from when a batch was due to its ack, one batch each "
      "millisecond for %s, medians of %d runs\n"
      "%9s %-11s %8s %8s %8s %8s %8s\n",
      absl::FormatDuration(options.run_time), options.runs, "records/s", "",
      "p50", "p90", "p99", "p99.9", "max");
  for (const int load : options.records_per_second) {
    LOGBOOM_RETURN_IF_ERROR(MeasureLoad(options, load));
  }
  return absl::OkStatus();
}

}  // namespace logboom
