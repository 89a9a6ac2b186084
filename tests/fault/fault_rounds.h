#ifndef LOGBOOM_TESTS_FAULT_FAULT_ROUNDS_H_
#define LOGBOOM_TESTS_FAULT_FAULT_ROUNDS_H_

#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace logboom {

// How many rounds a random test runs: `few`, or LOGBOOM_FAULT_ROUNDS times as
// many when the environment says so (scripts/test --long).
inline int FaultRounds(int few) {
  const char* const value = std::getenv("LOGBOOM_FAULT_ROUNDS");
  int factor = 1;
  if (value == nullptr || !absl::SimpleAtoi(value, &factor)) return few;
  return few * std::max(factor, 1);
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_FAULT_ROUNDS_H_
