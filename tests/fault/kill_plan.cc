#include "tests/fault/kill_plan.h"

#include <algorithm>
#include <cstdint>

namespace logboom {
namespace {

class Dice {
 public:
  explicit Dice(std::mt19937_64* random) : random_(*random) {}
  int64_t Draw(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }
  bool Percent(int64_t percent) { return Draw(1, 100) <= percent; }
  absl::Duration UpTo(absl::Duration most) {
    return absl::Microseconds(Draw(0, absl::ToInt64Microseconds(most)));
  }

 private:
  std::mt19937_64& random_;
};

// About as long as a start takes.
constexpr absl::Duration kStarting = absl::Milliseconds(80);
constexpr absl::Duration kShortRun = absl::Milliseconds(300);
// Long enough for cursors to be stored, which happens once a second.
constexpr absl::Duration kLongRun = absl::Milliseconds(2200);
constexpr absl::Duration kStopping = absl::Milliseconds(150);

}  // namespace

KillPlan DrawKillPlan(std::mt19937_64* random) {
  Dice dice(random);
  KillPlan plan;
  plan.acts_when_dead =
      static_cast<int>(std::max<int64_t>(0, dice.Draw(-2, 2)));
  if (dice.Percent(15)) {
    plan.while_starting = true;
    plan.kill_after = dice.UpTo(kStarting);
    return plan;
  }
  plan.kill_after = dice.UpTo(dice.Percent(10) ? kLongRun : kShortRun);
  for (int64_t acts = dice.Draw(0, 3); acts > 0; --acts) {
    plan.acts.push_back(dice.UpTo(plan.kill_after));
  }
  std::sort(plan.acts.begin(), plan.acts.end());
  if (dice.Percent(10)) plan.term_before = dice.UpTo(kStopping);
  return plan;
}

}  // namespace logboom
