#ifndef LOGBOOM_TESTS_BENCH_SERVICE_ROWS_H_
#define LOGBOOM_TESTS_BENCH_SERVICE_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace logboom {

// How records come in.
enum class WayIn {
  kPublish,
  kOtlp,
  kBatchFrames,   // LogBatches as raw TCP frames
  kPickleFrames,  // one record a frame, as Python's SocketHandler sends it
  kSyslog,        // lines over plain TCP
  kRelp,
};

// Who takes them.
enum class Taker {
  kLogboomd,
  kFloor,     // receives and writes the bytes once
  kCookbook,  // Python's own receiver
  kRsyslog,
};

// One point that is measured.
struct ServiceRow {
  std::string name;
  WayIn way = WayIn::kPublish;
  Taker taker = Taker::kLogboomd;
  int64_t records = 1'000'000;
  int batch = 1000;
  int connections = 4;
  int in_flight = 4;  // messages sent and not answered, each connection
  bool synced = true;
  int handlers = 1;
  bool many_loggers = false;  // 10,000 instead of one
  int64_t journal_bytes = 0;  // of earlier records that are in the journal

  // Sent on each connection: `records` or a little fewer, but one at least.
  int64_t messages_each() const {
    const int64_t each = records / batch / connections;
    return each > 0 ? each : 1;
  }
  int64_t records_sent() const { return messages_each() * connections * batch; }
};

inline constexpr int kManyLoggers = 10'000;

// All rows in the order they are run: the base point of each way in beside its
// floor and peers, then one thing changed at a time.
std::vector<ServiceRow> ServiceRows();

// "Publish", "logboomd": as tables have them.
const char* NameOf(WayIn way);
const char* NameOf(Taker taker);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SERVICE_ROWS_H_
