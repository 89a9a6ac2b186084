#ifndef LOGBOOM_TESTS_FAULT_CLIENT_MEMORY_WATCH_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_MEMORY_WATCH_H_

#include <atomic>
#include <cstdint>
#include <thread>

#include "logboom/client.h"

namespace logboom {

// Looks again and again, on a thread of its own, at what a client says it
// buffers and at this process's anonymous memory, and keeps the most it saw.
class MemoryWatch {
 public:
  // `client` must outlive it.
  explicit MemoryWatch(const Client* client);
  ~MemoryWatch() { Stop(); }

  void Stop();

  // After Stop.
  int64_t most_buffered_bytes() const { return most_buffered_bytes_; }
  // How much the process has grown since the beginning, at most.
  int64_t most_growth_bytes() const { return most_bytes_ - first_bytes_; }

 private:
  void Run();

  const Client& client_;
  std::atomic<bool> stop_{false};
  int64_t first_bytes_;
  int64_t most_bytes_;
  int64_t most_buffered_bytes_ = 0;
  std::thread thread_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_MEMORY_WATCH_H_
