#ifndef LOGBOOM_TESTS_FAULT_CLIENT_SPOOL_STORY_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_SPOOL_STORY_H_

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/fault/findings.h"
#include "tests/fault_client/arrivals.h"
#include "tests/fault_client/server_site.h"
#include "tests/fault_client/victim_process.h"

namespace logboom {

// A program with a spool is killed at random moments and started again, and so
// is its server, apart from it. Whatever was seen in the spool after a kill,
// and all that was logged by lives that ended in order, must arrive once; no
// record at all may arrive twice or out of its thread's order. One thread.
class SpoolStory {
 public:
  struct Options {
    ServerSite::Options site;
    std::string victim;  // program
    int lives = 8;
    int64_t records_per_second = 50'000;
    uint64_t seed = 0;
  };

  explicit SpoolStory(const Options& options);

  // Errors: it could not be carried out.
  absl::Status Run(Findings* findings);
  const std::string& report() const { return report_; }

 private:
  absl::Status RunLife(int life, Findings* findings);
  // Lets the victim run, and kills and starts the server meanwhile.
  absl::Status DisturbServer(absl::Time end);
  absl::Status StartVictim(int life, const std::vector<std::string>& more);
  absl::Status EndInOrder(int life, Findings* findings);
  absl::Status KillVictim(Findings* findings);
  absl::Status DrainSpool(Findings* findings);
  absl::Status Check(Findings* findings);

  bool Chance(double probability) {
    return std::bernoulli_distribution(probability)(random_);
  }
  absl::Duration DrawTime(absl::Duration least, absl::Duration most);
  std::string PathOf(absl::string_view name) const;
  std::string CallsFile(int life) const;

  const Options options_;
  std::mt19937_64 random_;
  ServerSite site_;
  std::unique_ptr<VictimProcess> victim_;
  std::set<LoggedLine> spooled_;  // seen there after a kill
  std::vector<int> ended_lives_;  // that ended in order
  int server_kills_ = 0;
  std::string report_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_SPOOL_STORY_H_
