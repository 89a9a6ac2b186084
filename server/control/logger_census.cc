#include "server/control/logger_census.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>

#include "base/proto_time.h"
#include "base/status_macros.h"
#include "proto/wire/entry_records.h"
#include "server/control/logger_name.h"
#include "server/control/producer_description.h"

namespace logboom {
namespace {

void SetTime(uint64_t unix_nano, google::protobuf::Timestamp* out) {
  SetProtoTime(absl::FromUnixNanos(static_cast<int64_t>(unix_nano)), out);
}

std::string LoggerText(absl::string_view logger) {
  return logger.empty() ? "root" : Utf8Text(logger);
}

auto OrderOf(const v1::LoggerSeen& seen) {
  return std::tie(seen.logger(), seen.service());
}

}  // namespace

void LoggerCensus::Add(const JournalEntry& entry, Offset from) {
  const uint64_t received = entry.header.received_unix_nano;
  Offset offset = entry.header.first_offset;
  // Looked up once for all records that one resource describes.
  std::optional<Service> service;
  EntryRecords records(entry);
  while (records.Next()) {
    if (offset++ < from) continue;
    const absl::string_view resource = records.encoded_resource();
    if (!service || service->resource.data() != resource.data()) {
      service = FindService(resource);
    }
    if (!service->counts) continue;
    if (since_unix_nano_ == 0) since_unix_nano_ = received;
    const auto record = records.Parse();
    if (record.ok()) Count(*record, received, service->loggers);
  }
}

LoggerCensus::Service LoggerCensus::FindService(absl::string_view resource) {
  Service found{.resource = resource};
  const absl::string_view name = ServiceOf(resource);
  found.counts = service_.empty() || name == service_;
  if (!found.counts || name.size() > kMaxNameBytes) return found;
  const auto known = by_service_.find(name);
  if (known != by_service_.end()) {
    found.loggers = &known->second;
  } else if (by_service_.size() < kMaxLoggers) {
    found.loggers = &by_service_[std::string(name)];
  }
  return found;
}

void LoggerCensus::Count(const RecordView& record, uint64_t received,
                         ByLogger* loggers) {
  ++records_;
  Seen* const seen =
      loggers == nullptr ? nullptr : Find(record.logger, loggers);
  if (seen == nullptr) {
    ++other_records_;
    return;
  }
  ++seen->records;
  seen->last_unix_nano = std::max(seen->last_unix_nano, received);
  const int32_t levelno = record.effective_levelno();
  if (seen->levels.size() < kMaxLevels || seen->levels.count(levelno) > 0) {
    ++seen->levels[levelno];
  }
}

LoggerCensus::Seen* LoggerCensus::Find(absl::string_view logger,
                                       ByLogger* loggers) {
  if (logger == "root") logger = "";
  const auto found = loggers->find(logger);
  if (found != loggers->end()) return &found->second;
  if (loggers_ >= kMaxLoggers || logger.size() > kMaxNameBytes) return nullptr;
  ++loggers_;
  return &(*loggers)[std::string(logger)];
}

v1::ListLoggersResponse LoggerCensus::Report() const {
  v1::ListLoggersResponse report;
  for (const auto& [service, loggers] : by_service_) {
    for (const auto& [logger, seen] : loggers) {
      v1::LoggerSeen& out = *report.add_loggers();
      out.set_logger(LoggerText(logger));
      out.set_service(Utf8Text(service));
      out.set_records(seen.records);
      SetTime(seen.last_unix_nano, out.mutable_last());
      for (const auto& [levelno, records] : seen.levels) {
        v1::LevelCount& count = *out.add_levels();
        count.set_levelno(levelno);
        count.set_records(records);
      }
    }
  }
  std::sort(report.mutable_loggers()->begin(), report.mutable_loggers()->end(),
            [](const v1::LoggerSeen& a, const v1::LoggerSeen& b) {
              return OrderOf(a) < OrderOf(b);
            });
  report.set_other_records(other_records_);
  report.set_records(records_);
  if (records_ > 0) SetTime(since_unix_nano_, report.mutable_since());
  return report;
}

absl::StatusOr<v1::ListLoggersResponse> TakeLoggerCensus(
    Journal* journal, const LoggerCensusOptions& options,
    const std::atomic<bool>* stop) {
  Offset from = journal->OffsetOfNewest(options.max_bytes);
  if (options.since != absl::InfinitePast()) {
    LOGBOOM_ASSIGN_OR_RETURN(const Offset since,
                             journal->OffsetAt(options.since));
    from = std::max(from, since);
  }
  // What comes in meanwhile is left for the next time.
  const Offset head = journal->synced_head();
  const std::unique_ptr<JournalReader> reader =
      journal->NewReader(std::min(from, head));
  LoggerCensus census(options.service);
  while (reader->offset() < head) {
    if (stop->load(std::memory_order_relaxed)) {
      return absl::UnavailableError("the server is stopping");
    }
    const absl::StatusOr<JournalEntry> entry = reader->Next();
    if (absl::IsOutOfRange(entry.status())) break;
    LOGBOOM_RETURN_IF_ERROR(entry.status());
    census.Add(*entry, from);
  }
  return census.Report();
}

}  // namespace logboom
