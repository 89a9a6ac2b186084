#ifndef LOGBOOM_SERVER_CONTROL_LOGGER_CENSUS_H_
#define LOGBOOM_SERVER_CONTROL_LOGGER_CENSUS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "logboom/v1/control.pb.h"
#include "proto/wire/journal_entry.h"
#include "proto/wire/record_view.h"
#include "server/journal/journal.h"

namespace logboom {

// Counts the records of entries by logger and service. Bounded: what is beyond
// the limits below is counted together. Not thread-safe.
class LoggerCensus {
 public:
  static constexpr size_t kMaxLoggers = 10'000;  // with each of their services
  static constexpr size_t kMaxNameBytes = 1024;  // of a logger, of a service
  static constexpr size_t kMaxLevels = 20;       // of one logger

  // `service`: only records of this one; empty: all.
  explicit LoggerCensus(absl::string_view service) : service_(service) {}

  // Counts the entry's records from `from` on.
  void Add(const JournalEntry& entry, Offset from);

  // By name, then service.
  v1::ListLoggersResponse Report() const;

 private:
  struct Seen {
    uint64_t records = 0;
    uint64_t last_unix_nano = 0;
    std::map<int32_t, uint64_t> levels;
  };
  using ByLogger = absl::flat_hash_map<std::string, Seen>;

  // Whom a resource describes.
  struct Service {
    absl::string_view resource;
    bool counts = false;          // its records are asked for
    ByLogger* loggers = nullptr;  // nullptr: there is no room for it
  };

  Service FindService(absl::string_view resource);
  void Count(const RecordView& record, uint64_t received, ByLogger* loggers);
  // Nullptr: there is no room for another.
  Seen* Find(absl::string_view logger, ByLogger* loggers);

  const std::string service_;
  std::map<std::string, ByLogger, std::less<>> by_service_;
  size_t loggers_ = 0;
  uint64_t records_ = 0;
  uint64_t other_records_ = 0;
  uint64_t since_unix_nano_ = 0;
};

struct LoggerCensusOptions {
  std::string service;
  // Records received since then; InfinitePast: all within max_bytes.
  absl::Time since = absl::InfinitePast();
  // About so much of the journal's newest part.
  int64_t max_bytes = int64_t{64} << 20;
};

// Reads the journal's newest part. Blocks for as long as that takes; ends early
// when `*stop` becomes true. Errors: UNAVAILABLE, it cannot be read, or was
// stopped.
absl::StatusOr<v1::ListLoggersResponse> TakeLoggerCensus(
    Journal* journal, const LoggerCensusOptions& options,
    const std::atomic<bool>* stop);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_LOGGER_CENSUS_H_
