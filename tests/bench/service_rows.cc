#include "tests/bench/service_rows.h"

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// So that no run takes much longer than a second.
constexpr int64_t kPickles = 200'000;
constexpr int64_t kCookbookPickles = 40'000;
constexpr int64_t kSyslogLines = 200'000;

constexpr int kSmallBatchesInFlight = 16;
constexpr int kRelpWindow = 128;  // librelp's own

// Batches of `batch`; the smaller, the fewer records, and the more in flight.
ServiceRow OfBatches(ServiceRow row, int batch, int64_t records) {
  row.batch = batch;
  if (batch < 100) row.in_flight = kSmallBatchesInFlight;
  row.records = records;
  absl::StrAppend(&row.name, ", batches of ", batch);
  return row;
}

ServiceRow OnConnections(ServiceRow row, int connections) {
  row.connections = connections;
  absl::StrAppend(&row.name, ", ", connections,
                  connections == 1 ? " connection" : " connections");
  // What is in flight stays below what the server lets wait for the disk.
  if (connections > 16 && row.batch >= 1000) row.in_flight = 1;
  return row;
}

ServiceRow ForHandlers(ServiceRow row, int handlers, int64_t records) {
  row.handlers = handlers;
  row.records = records;
  absl::StrAppend(&row.name, ", ", handlers, " handlers");
  return row;
}

ServiceRow TakenBy(ServiceRow row, Taker taker, int64_t records) {
  row.taker = taker;
  row.records = records;
  absl::StrAppend(&row.name, ": ", NameOf(taker));
  return row;
}

ServiceRow Publish() { return {.name = "Publish"}; }
ServiceRow Otlp() { return {.name = "OTLP", .way = WayIn::kOtlp}; }
ServiceRow BatchFrames() {
  return {.name = "protobuf frames", .way = WayIn::kBatchFrames};
}
ServiceRow PickleFrames() {
  return {.name = "pickle frames",
          .way = WayIn::kPickleFrames,
          .records = kPickles,
          .batch = 1};
}

std::vector<ServiceRow> RsyslogRows() {
  const ServiceRow syslog = {
      .name = "syslog over TCP", .way = WayIn::kSyslog, .batch = 1};
  const ServiceRow relp = {.name = "RELP",
                           .way = WayIn::kRelp,
                           .batch = 1,
                           .in_flight = kRelpWindow};
  return {TakenBy(syslog, Taker::kRsyslog, kSyslogLines),
          TakenBy(relp, Taker::kRsyslog, kSyslogLines)};
}

std::vector<ServiceRow> BaseRows() {
  std::vector<ServiceRow> rows;
  for (const ServiceRow& way :
       {Publish(), Otlp(), BatchFrames(), PickleFrames()}) {
    rows.push_back(way);
    rows.push_back(TakenBy(way, Taker::kFloor, way.records));
  }
  rows.push_back(TakenBy(PickleFrames(), Taker::kCookbook, kCookbookPickles));
  return rows;
}

std::vector<ServiceRow> BatchSizeRows() {
  std::vector<ServiceRow> rows;
  for (const ServiceRow& way : {Publish(), Otlp()}) {
    rows.push_back(OfBatches(way, 1, 40'000));
    if (way.way == WayIn::kPublish) {
      rows.push_back(OfBatches(way, 10, 200'000));
    }
    rows.push_back(OfBatches(way, 100, 500'000));
  }
  const ServiceRow singles =
      OnConnections(OfBatches(Publish(), 1, 100'000), 64);
  rows.push_back(singles);
  rows.push_back(TakenBy(singles, Taker::kFloor, singles.records));
  return rows;
}

std::vector<ServiceRow> ConnectionRows() {
  return {OnConnections(Publish(), 1), OnConnections(Publish(), 16),
          OnConnections(Publish(), 64), OnConnections(Otlp(), 64),
          OnConnections(PickleFrames(), 64)};
}

std::vector<ServiceRow> OtherRows() {
  ServiceRow written = Publish();
  written.name += ", WRITTEN";
  written.synced = false;
  ServiceRow loggers = Publish();
  loggers.name += ", 10,000 loggers";
  loggers.many_loggers = true;
  ServiceRow large = Publish();
  large.name += ", 2 GiB in the journal";
  large.journal_bytes = int64_t{2} << 30;
  return {written, ForHandlers(Publish(), 4, 400'000),
          ForHandlers(Publish(), 16, 120'000), loggers, large};
}

}  // namespace

std::vector<ServiceRow> ServiceRows() {
  std::vector<ServiceRow> all;
  for (const auto& some : {BaseRows(), RsyslogRows(), BatchSizeRows(),
                           ConnectionRows(), OtherRows()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

const char* NameOf(WayIn way) {
  switch (way) {
    case WayIn::kPublish:
      return "Publish";
    case WayIn::kOtlp:
      return "OTLP";
    case WayIn::kBatchFrames:
      return "protobuf frames";
    case WayIn::kPickleFrames:
      return "pickle frames";
    case WayIn::kSyslog:
      return "syslog over TCP";
    case WayIn::kRelp:
      return "RELP";
  }
  return "";
}

const char* NameOf(Taker taker) {
  switch (taker) {
    case Taker::kLogboomd:
      return "logboomd";
    case Taker::kFloor:
      return "floor";
    case Taker::kCookbook:
      return "Python's receiver";
    case Taker::kRsyslog:
      return "rsyslog";
  }
  return "";
}

}  // namespace logboom
