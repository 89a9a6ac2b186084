#include "tests/bench/ack_throughput.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "tests/bench/batch_stream.h"
#include "tests/bench/commit_groups.h"
#include "tests/bench/disk_floor.h"
#include "tests/bench/median.h"
#include "tests/bench/processors.h"
#include "tests/bench/sample_batch.h"
#include "tests/bench/server_process.h"

namespace logboom {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(2);
constexpr int kFloorWrites = 30;

using Streams = std::vector<std::unique_ptr<BatchStream>>;

struct Run {
  double acked_per_second = 0;
  double handled_per_second = 0;  // to the last line of the handler's file
  double cpu_us = 0;              // the server's, for one record
  CommitGroups groups;
};

absl::Status OpenAll(const Streams& streams, absl::Time deadline) {
  for (const auto& stream : streams) {
    LOGBOOM_RETURN_IF_ERROR(stream->Open(deadline));
  }
  return absl::OkStatus();
}

// From the first batch to the last ack.
absl::Status SendAll(const Streams& streams, uint64_t batches_each,
                     absl::Time deadline) {
  for (const auto& stream : streams) stream->SendUpTo(batches_each);
  for (const auto& stream : streams) {
    LOGBOOM_RETURN_IF_ERROR(stream->WaitForAck(batches_each, deadline));
  }
  return absl::OkStatus();
}

double PerSecond(int64_t records, absl::Duration taken) {
  return static_cast<double>(records) / absl::ToDoubleSeconds(taken);
}

absl::StatusOr<Run> RunOnce(const AckThroughputOptions& options, int count,
                            bool synced, absl::string_view batch) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                           ServerProcess::Start({.program = options.program,
                                                 .cpu = kServerProcessor}));
  Streams streams;
  for (int i = 0; i < count; ++i) {
    BatchStream::Options stream = {
        .server = server->grpc_address(),
        .synced = synced,
        .max_in_flight = static_cast<uint64_t>(options.in_flight)};
    streams.push_back(std::make_unique<BatchStream>(std::move(stream), batch));
  }
  const int batches_each =
      std::max(1, options.records / options.batch_records / count);
  const absl::Time deadline = absl::Now() + kPatience;
  LOGBOOM_RETURN_IF_ERROR(OpenAll(streams, deadline));
  const double cpu_before = server->cpu_seconds();
  const absl::Time begin = absl::Now();
  LOGBOOM_RETURN_IF_ERROR(
      SendAll(streams, static_cast<uint64_t>(batches_each), deadline));
  const absl::Duration acked = absl::Now() - begin;
  const int64_t records = int64_t{batches_each} * count * options.batch_records;
  if (!server->WaitForLines(records, absl::ToDoubleSeconds(kPatience))) {
    return absl::DeadlineExceededError("not all was written in time");
  }
  const absl::Duration handled = absl::Now() - begin;
  const double cpu = server->cpu_seconds() - cpu_before;
  LOGBOOM_ASSIGN_OR_RETURN(const CommitGroups groups,
                           ReadCommitGroups(server->journal_folder()));
  return Run{.acked_per_second = PerSecond(records, acked),
             .handled_per_second = PerSecond(records, handled),
             .cpu_us = cpu / static_cast<double>(records) * 1e6,
             .groups = groups};
}

// Records a second, if the disk had nothing to do but to sync such groups.
absl::StatusOr<double> DiskFloorOf(double group_bytes, double group_records) {
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<DiskFloor> floor,
      DiskFloor::Create(static_cast<int64_t>(group_bytes), kFloorWrites));
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<absl::Duration> taken,
                           floor->Run(absl::ZeroDuration()));
  absl::Duration sum;
  for (const absl::Duration one : taken) sum += one;
  return group_records * kFloorWrites / absl::ToDoubleSeconds(sum);
}

// The runs of one depth at one number of streams.
struct Runs {
  std::vector<double> acked, handled, cpu_us, group_mib, disk;

  absl::Status Add(const Run& run) {
    acked.push_back(run.acked_per_second);
    handled.push_back(run.handled_per_second);
    cpu_us.push_back(run.cpu_us);
    group_mib.push_back(run.groups.mean_bytes() / (1 << 20));
    LOGBOOM_ASSIGN_OR_RETURN(
        disk.emplace_back(),
        DiskFloorOf(run.groups.mean_bytes(), run.groups.mean_records()));
    return absl::OkStatus();
  }

  void Print(int streams, absl::string_view depth) const {
    absl::PrintF("%7d %-7s %12.0f %12.0f %10.2f %10.2f %12.0f\n", streams,
                 depth, Median(acked), Median(handled), Median(cpu_us),
                 Median(group_mib), Median(disk));
  }
};

double CostPercent(const std::vector<double>& synced,
                   const std::vector<double>& written) {
  return (1 - Median(synced) / Median(written)) * 100;
}

absl::Status MeasureRows(const AckThroughputOptions& options, int streams,
                         absl::string_view batch) {
  Runs synced, written;
  for (int i = 0; i < options.runs; ++i) {
    // In turns, each first as often as the other: the machine may drift.
    for (const bool now_synced : {i % 2 == 0, i % 2 != 0}) {
      LOGBOOM_ASSIGN_OR_RETURN(const Run run,
                               RunOnce(options, streams, now_synced, batch));
      LOGBOOM_RETURN_IF_ERROR((now_synced ? synced : written).Add(run));
    }
  }
  written.Print(streams, "WRITTEN");
  synced.Print(streams, "SYNCED");
  absl::PrintF("%7s %-7s %11.1f%% %11.1f%%\n", "", "cost",
               CostPercent(synced.acked, written.acked),
               CostPercent(synced.handled, written.handled));
  std::fflush(stdout);
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureAckThroughput(const AckThroughputOptions& options) {
  absl::PrintF(
      "Batches of %d, %d in flight on each stream, medians of %d runs\n"
      "%7s %-7s %12s %12s %10s %10s %12s\n",
      options.batch_records, options.in_flight, options.runs, "streams", "acks",
      "acked/s", "handled/s", "CPU us/rec", "group MiB", "disk alone/s");
  const std::string batch = SampleBatch(options.batch_records);
  for (const int streams : options.streams) {
    LOGBOOM_RETURN_IF_ERROR(MeasureRows(options, streams, batch));
  }
  return absl::OkStatus();
}

}  // namespace logboom
