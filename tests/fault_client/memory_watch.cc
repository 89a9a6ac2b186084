#include "tests/fault_client/memory_watch.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "absl/time/clock.h"

namespace logboom {
namespace {

// Of this process; 0: not known.
int64_t AnonymousBytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    int64_t kibibytes = 0;
    if (word == "RssAnon:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

}  // namespace

MemoryWatch::MemoryWatch(const Client* client)
    : client_(*client),
      first_bytes_(AnonymousBytes()),
      most_bytes_(first_bytes_),
      thread_([this] { Run(); }) {}

void MemoryWatch::Run() {
  while (!stop_) {
    most_bytes_ = std::max(most_bytes_, AnonymousBytes());
    most_buffered_bytes_ =
        std::max(most_buffered_bytes_, client_.stats().buffered_bytes);
    absl::SleepFor(absl::Milliseconds(10));
  }
}

void MemoryWatch::Stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

}  // namespace logboom
