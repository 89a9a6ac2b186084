#ifndef LOGBOOM_TESTS_BENCH_TAKER_PROCESS_H_
#define LOGBOOM_TESTS_BENCH_TAKER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/service_rows.h"

namespace logboom {

// The programs and files a row may need.
struct BenchPrograms {
  std::string logboomd;
  std::string floor_server;
  std::string cookbook_receiver;  // the receiver itself, and what runs it
  std::string cookbook_runner;
};

// A running server that a row is sent to: listening, on the servers' processor.
// Ended by the destructor.
class TakerProcess {
 public:
  // `message_bytes` is what a floor writes of each message at least. Errors:
  // NOT_FOUND, the program is not installed here; others, it does not start.
  static absl::StatusOr<std::unique_ptr<TakerProcess>> Start(
      const ServiceRow& row, const BenchPrograms& programs,
      int64_t message_bytes);
  virtual ~TakerProcess() = default;

  virtual pid_t pid() const = 0;
  // host:port for the row's way in.
  virtual std::string address() const = 0;
  // Where it writes what it takes: everything into each.
  virtual std::vector<std::string> output_files() const = 0;
  // Bytes of a record there; 0: each is a line as long as the first.
  virtual int64_t record_bytes() const { return 0; }
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_TAKER_PROCESS_H_
