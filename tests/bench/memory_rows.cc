#include "tests/bench/memory_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// As large as the default limits take them (IngestOptions): batches and
// requests of 4 MiB, with room for what is around the records, and frames of
// 16 MiB. A request of up to 8 MiB is refused by us, not by gRPC.
constexpr int kLargeBatch = 16'250;       // 3.9 MB
constexpr int kLargestBatch = 17'400;     // 4.18 MB
constexpr int kTooLargeBatch = 34'900;    // 8.38 MB
constexpr int kLargeFrameBatch = 62'500;  // 15 MB
constexpr int64_t kLargePickleBytes = 15'000'000;

constexpr int kMostLoggers = 100'000;
constexpr absl::Duration kStopped = absl::Minutes(1);
constexpr absl::Duration kMoment = absl::Milliseconds(100);

MemoryRow Exports(int connections, int in_flight) {
  return {.name = absl::StrCat("Exports of 3.9 MB, ", connections,
                               " connections x ", in_flight),
          .way = WayIn::kOtlp,
          .connections = connections,
          .in_flight = in_flight,
          .batch = kLargeBatch};
}

MemoryRow TooLargeExports(int connections, int in_flight) {
  MemoryRow row = Exports(connections, in_flight);
  row.name = absl::StrCat("Exports of 8.38 MB, too large, ", connections,
                          " connections x ", in_flight);
  row.batch = kTooLargeBatch;
  return row;
}

MemoryRow GzipExports(int connections, int in_flight) {
  return {.name = absl::StrCat("Exports of 4 KB that inflate to 4.18 MB, ",
                               connections, " connections x ", in_flight),
          .way = WayIn::kOtlp,
          .connections = connections,
          .in_flight = in_flight,
          .batch = kLargestBatch,
          .gzip = true};
}

MemoryRow Streams(int connections) {
  return {.name = absl::StrCat("Publish, batches of 3.9 MB, ", connections,
                               " streams"),
          .connections = connections,
          .batch = kLargeBatch};
}

// Within the one message of each stream, or of each place of a connection's.
MemoryRow StoppedHalfway(MemoryRow row) {
  row.stops_halfway = true;
  if (row.way == WayIn::kPublish) row.in_flight = 1;
  absl::StrAppend(&row.name, ", stopped halfway");
  return row;
}

MemoryRow Frames(int connections) {
  return {.name = absl::StrCat("protobuf frames of 15 MB, ", connections,
                               " connections"),
          .way = WayIn::kBatchFrames,
          .connections = connections,
          .batch = kLargeFrameBatch};
}

// The base point of service_bench, and what its handler does.
MemoryRow Publish(MemoryRow row, const char* what) {
  row.name = absl::StrCat("Publish, batches of 1,000, 4 streams", what);
  return row;
}

}  // namespace

std::vector<MemoryRow> MemoryRows() {
  return {
      Exports(16, 8),
      Exports(4, 16),
      Exports(64, 2),
      Exports(256, 1),
      TooLargeExports(64, 2),
      StoppedHalfway(Exports(16, 8)),
      StoppedHalfway(Exports(256, 1)),
      GzipExports(16, 8),
      GzipExports(256, 1),
      Streams(64),
      Streams(256),
      StoppedHalfway(Streams(256)),
      Frames(64),
      StoppedHalfway(Frames(256)),
      {.name = "pickle frames of 15 MB, 64 connections",
       .way = WayIn::kPickleFrames,
       .connections = 64,
       .batch = 1,
       .pickle_bytes = kLargePickleBytes},
      Publish({}, ""),
      Publish({.handlers = 16}, ", 16 handlers"),
      Publish({.loggers = kMostLoggers}, ", 100,000 loggers"),
      {.name = "Publish, 10,048 sessions on 64 connections",
       .connections = 64,
       .in_flight = 157,
       .batch = 1,
       .sessions = true},
      Publish({.output = HandlerOutput::kFullDisk, .length = kStopped},
              ", the handler's disk full"),
      Publish({.output = HandlerOutput::kUnreadPipe, .length = kStopped},
              ", the handler stopped"),
  };
}

MemoryRow ForAMoment(MemoryRow row) {
  row.length = kMoment;
  row.connections = std::min(row.connections, 16);
  row.loggers = std::min(row.loggers, 10'000);
  if (row.sessions) row.in_flight = 2;
  return row;
}

}  // namespace logboom
