#ifndef LOGBOOM_TESTS_FAULT_KILL_PLAN_H_
#define LOGBOOM_TESTS_FAULT_KILL_PLAN_H_

#include <optional>
#include <random>
#include <vector>

#include "absl/time/time.h"

namespace logboom {

// What happens to one run of the server. Plain data.
struct KillPlan {
  // Where the times count from: the start of the process, or its listening.
  bool while_starting = false;
  absl::Duration kill_after;
  // SIGTERM comes first, and SIGKILL so much later: during the orderly stop.
  std::optional<absl::Duration> term_before;
  std::vector<absl::Duration> acts;  // the saboteur's, rising
  int acts_when_dead = 0;
};

KillPlan DrawKillPlan(std::mt19937_64* random);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_KILL_PLAN_H_
