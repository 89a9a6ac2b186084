#ifndef LOGBOOM_TESTS_BENCH_LOAD_H_
#define LOGBOOM_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/output_progress.h"

namespace logboom {

// What a load sends, over each of so many connections.
struct LoadOptions {
  std::string address;  // host:port
  int connections = 4;
  // Messages sent and not answered, each connection; for loads with answers.
  int in_flight = 4;
  int64_t messages_each = 0;
  int records_per_message = 1;
  // What the server refuses is sent again at once, and a stream that it ends is
  // opened again, rather than the load's end; for loads with answers.
  bool insists = false;
  // Waits for what the server writes; for loads without answers.
  bool paced = true;
};

// Records on their way into a server, the same again and again.
//
// One thread.
class Load {
 public:
  virtual ~Load() = default;

  // Connects. Errors: as the transport has them.
  virtual absl::Status Open(absl::Time deadline) = 0;

  // Sends everything and waits for its answers, if there are any. A load
  // without answers keeps an eye on what the server has written and goes on
  // when that is not too far behind.
  // Errors: DEADLINE_EXCEEDED; why a connection ended or a message was refused;
  // DATA_LOSS, the server has stopped writing: what it lacks is lost.
  virtual absl::Status Send(OutputProgress* written, absl::Time deadline) = 0;

  // From when each message was sent to its answer.
  virtual std::vector<absl::Duration> latencies() const { return {}; }
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_LOAD_H_
