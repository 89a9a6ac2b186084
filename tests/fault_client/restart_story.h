#ifndef LOGBOOM_TESTS_FAULT_CLIENT_RESTART_STORY_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_RESTART_STORY_H_

#include <cstdint>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/fault/findings.h"
#include "tests/fault_client/logging_threads.h"
#include "tests/fault_client/server_site.h"

namespace logboom {

// A program logs steadily and waits for room, while its server is killed and
// started again every few seconds: every record must arrive once, in order for
// each thread, and nobody may speak of a loss. One thread.
class RestartStory {
 public:
  struct Options {
    ServerSite::Options site;
    absl::Duration time = absl::Seconds(5);
    int64_t records_per_second = 50'000;
    uint64_t seed = 0;
  };

  explicit RestartStory(const Options& options);

  // Errors: it could not be carried out.
  absl::Status Run(Findings* findings);
  // What was done, for people.
  const std::string& report() const { return report_; }

 private:
  absl::Status KillAndRestart();
  absl::Status Check(const LoggingThreads& threads, const ClientStats& stats,
                     Findings* findings);
  // Between the two.
  absl::Duration DrawTime(absl::Duration least, absl::Duration most);

  const Options options_;
  std::mt19937_64 random_;
  ServerSite site_;
  int kills_ = 0;
  int stops_ = 0;
  std::string report_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_RESTART_STORY_H_
