#ifndef LOGBOOM_TESTS_FAULT_CLIENT_LOGGING_THREADS_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_LOGGING_THREADS_H_

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "logboom/client.h"
#include "tests/fault_client/arrivals.h"
#include "tests/fault_client/call_latencies.h"

namespace logboom {

// Threads that log lines with a client, as fast as they can or at a rate, and
// measure each call. The owner calls the functions.
class LoggingThreads {
 public:
  struct Options {
    int life = 0;
    int threads = 4;
    int64_t records_per_second = 0;  // of all together; 0: as fast as they can
    uint64_t first_number = 1;
  };

  // Starts them. `client` must outlive them.
  LoggingThreads(const Options& options, Client* client);
  // Stops.
  ~LoggingThreads() { Stop(); }

  // Ends them after the call each is in.
  void Stop();

  // After Stop: calls made, of each thread, and of all.
  const std::vector<uint64_t>& calls() const { return calls_; }
  int64_t all_calls() const;
  CallLatencies latencies() const;
  // Each line of each thread must have arrived.
  void ExpectAll(Arrivals* arrivals) const;

 private:
  void Run(int thread);

  const Options options_;
  Client& client_;
  std::atomic<bool> stop_{false};
  std::vector<uint64_t> calls_;
  std::vector<CallLatencies> latencies_;
  std::vector<std::thread> threads_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_LOGGING_THREADS_H_
