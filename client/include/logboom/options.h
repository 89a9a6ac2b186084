#ifndef LOGBOOM_OPTIONS_H_
#define LOGBOOM_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "logboom/level.h"
#include "logboom/record.h"

namespace logboom {

// What a logging call does when buffer_bytes are in use.
enum class WhenFull {
  kBlock,       // waits for room, at most block_timeout; then drops its record
  kDropNewest,  // drops its record
  kSpill,       // older records go to spool_dir; waits for that as kBlock does
};

// What a spool does when spool_bytes are in use.
enum class SpoolFull {
  kDropNewest,
  kDropOldest,
};

struct Options {
  // The server's gRPC port, host:port.
  std::string server = "localhost:4317";

  // Who this program is: service.name (empty: the program's name) and any
  // further attributes of the resource. service.instance.id, host.name and
  // process.pid are added unless given.
  std::string service_name;
  std::vector<std::pair<std::string, std::string>> resource;

  // The root logger's level to begin with. (Python's begins at WARNING.)
  Level level = Level::kInfo;

  // Whether a record counts as acknowledged when it is on the server's disk
  // (true) or in its kernel.
  bool synced = true;

  // Memory for records that are not acknowledged yet, and what happens when it
  // is used up. At least 256 KiB; each thread that logs takes 16 KiB of it.
  int64_t buffer_bytes = int64_t{16} << 20;
  WhenFull when_full = WhenFull::kDropNewest;
  absl::Duration block_timeout = absl::Milliseconds(100);
  // A larger record, encoded, is dropped (encode_failed). At most a quarter of
  // buffer_bytes.
  int64_t max_record_bytes = int64_t{1} << 20;

  // A batch is sent when it has this many records or bytes (at most a quarter
  // of buffer_bytes), or when its first record is this old.
  int64_t batch_records = 1000;
  int64_t batch_bytes = int64_t{256} << 10;
  absl::Duration batch_age = absl::Milliseconds(10);
  // How much may be sent ahead of the acknowledgements, at most half of
  // buffer_bytes.
  int64_t window_bytes = int64_t{4} << 20;

  // An attempt to reach the server ends after connect_timeout. The pause before
  // the next one doubles from backoff_initial to backoff_max; each is drawn
  // between half of it and all of it.
  absl::Duration connect_timeout = absl::Seconds(10);
  absl::Duration backoff_initial = absl::Milliseconds(100);
  absl::Duration backoff_max = absl::Seconds(30);

  // What the client's end waits for acknowledgements, at most. It does not wait
  // when the server cannot be reached at all.
  absl::Duration shutdown_timeout = absl::Seconds(2);

  // A folder for what does not fit in memory (kSpill), and for what is not
  // acknowledged when the client ends; the next start sends it. Empty: none.
  // One process at a time: a second one goes without, and says so.
  std::string spool_dir;
  int64_t spool_bytes = int64_t{1} << 30;
  SpoolFull spool_full = SpoolFull::kDropNewest;

  // Called by each enabled logging call, on its thread: the trace and span it
  // belongs to. It must not throw and must not log.
  std::function<TraceContext()> trace_context;

  // Called on any thread with a line about the client itself ("cannot reach
  // localhost:4317: ..."), about once a minute at most for each kind of
  // trouble; must not log to this client. Empty: stderr.
  std::function<void(std::string_view)> diagnose;
};

}  // namespace logboom

#endif  // LOGBOOM_OPTIONS_H_
