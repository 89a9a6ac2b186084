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
  double records_per_second = 0;
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
  const absl::Time begin = absl::Now();
  LOGBOOM_RETURN_IF_ERROR(
      SendAll(streams, static_cast<uint64_t>(batches_each), deadline));
  const absl::Duration taken = absl::Now() - begin;
  const double records = 1.0 * batches_each * count * options.batch_records;
  LOGBOOM_ASSIGN_OR_RETURN(const CommitGroups groups,
                           ReadCommitGroups(server->journal_folder()));
  return Run{records / absl::ToDoubleSeconds(taken), groups};
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

absl::Status MeasureRow(const AckThroughputOptions& options, int streams,
                        absl::string_view batch) {
  std::vector<double> synced, written, group_mib, floor;
  for (int i = 0; i < options.runs; ++i) {
    // In turns, each first as often as the other: the machine may drift.
    for (const bool now_synced : {i % 2 == 0, i % 2 != 0}) {
      LOGBOOM_ASSIGN_OR_RETURN(const Run run,
                               RunOnce(options, streams, now_synced, batch));
      (now_synced ? synced : written).push_back(run.records_per_second);
      if (!now_synced) continue;
      group_mib.push_back(run.groups.mean_bytes() / (1 << 20));
      LOGBOOM_ASSIGN_OR_RETURN(
          floor.emplace_back(),
          DiskFloorOf(run.groups.mean_bytes(), run.groups.mean_records()));
    }
  }
  const double cost = 1 - Median(synced) / Median(written);
  absl::PrintF("%7d %12.0f %12.0f %8.1f %10.2f %12.0f\n", streams,
               Median(written), Median(synced), cost * 100, Median(group_mib),
               Median(floor));
  std::fflush(stdout);
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureAckThroughput(const AckThroughputOptions& options) {
  absl::PrintF(
      "Acknowledged records/s, batches of %d, %d in flight on each stream, "
      "medians of %d runs\n%7s %12s %12s %8s %10s %12s\n",
      options.batch_records, options.in_flight, options.runs, "streams",
      "WRITTEN", "SYNCED", "cost %", "group MiB", "disk alone");
  const std::string batch = SampleBatch(options.batch_records);
  for (const int streams : options.streams) {
    LOGBOOM_RETURN_IF_ERROR(MeasureRow(options, streams, batch));
  }
  return absl::OkStatus();
}

}  // namespace logboom
