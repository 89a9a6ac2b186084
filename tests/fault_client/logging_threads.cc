#include "tests/fault_client/logging_threads.h"

#include <chrono>
#include <numeric>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace logboom {
namespace {

// At a rate, a thread logs so many at once and then looks at the clock.
constexpr uint64_t kPacedAtOnce = 16;

}  // namespace

LoggingThreads::LoggingThreads(const Options& options, Client* client)
    : options_(options),
      client_(*client),
      calls_(options.threads),
      latencies_(options.threads) {
  for (int i = 0; i < options.threads; ++i) {
    threads_.emplace_back([this, i] { Run(i); });
  }
}

void LoggingThreads::Run(int thread) {
  const Logger logger = client_.GetLogger(absl::StrCat("fault.t", thread));
  LoggedLine line = {.source = {options_.life, thread},
                     .number = options_.first_number};
  const absl::Time begin = absl::Now();
  const absl::Duration pause =
      options_.records_per_second == 0
          ? absl::ZeroDuration()
          : absl::Seconds(options_.threads) / options_.records_per_second;
  std::string message;
  uint64_t calls = 0;
  while (!stop_) {
    message.clear();
    line.AppendMessage(&message);
    const auto before = std::chrono::steady_clock::now();
    logger.Info(message, {{"number", line.number}});
    latencies_[thread].Add(
        std::chrono::nanoseconds(std::chrono::steady_clock::now() - before)
            .count());
    ++line.number;
    if (++calls % kPacedAtOnce == 0 && options_.records_per_second != 0) {
      absl::SleepFor(begin + pause * static_cast<int64_t>(calls) - absl::Now());
    }
  }
  calls_[thread] = calls;
}

void LoggingThreads::Stop() {
  stop_ = true;
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

int64_t LoggingThreads::all_calls() const {
  return static_cast<int64_t>(
      std::accumulate(calls_.begin(), calls_.end(), uint64_t{0}));
}

CallLatencies LoggingThreads::latencies() const {
  CallLatencies all;
  for (const CallLatencies& one : latencies_) all.Merge(one);
  return all;
}

void LoggingThreads::ExpectAll(Arrivals* arrivals) const {
  for (int i = 0; i < options_.threads; ++i) {
    arrivals->ExpectAll({options_.life, i},
                        options_.first_number - 1 + calls_[i]);
  }
}

}  // namespace logboom
