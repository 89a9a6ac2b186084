// A journal over a disk that forgets everything not synced, however the power
// is cut: what was acknowledged as synced is there, under its offset; nothing
// is there twice, and nothing that was not sent; the server always starts.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/fault/fault_rounds.h"
#include "tests/fault/journal_world.h"
#include "tests/testing/survival.h"

namespace logboom {
namespace {

// The journals' diagnostics are thousands of lines.
class PowerCutTest : public ::testing::Test {
 protected:
  void SetUp() override { testing::internal::CaptureStderr(); }
  void TearDown() override {
    const std::string said = testing::internal::GetCapturedStderr();
    if (HasFailure()) {
      std::cerr << said.substr(said.size() -
                               std::min(said.size(), size_t{8000}));
    }
  }
};

// Several servers over one disk, each ended at a random moment, in the middle
// of its start as well.
void RunRound(const JournalWorld::Options& options) {
  std::mt19937_64 random(options.seed);
  const auto up_to = [&random](int64_t most) {
    return std::uniform_int_distribution<int64_t>(0, most)(random);
  };
  JournalWorld world(options);
  for (int life = 0; life < 8; ++life) {
    SCOPED_TRACE(absl::StrCat("life ", life));
    const int64_t start = up_to(3) == 0 ? up_to(8) : JournalWorld::kNever;
    const int64_t calls = up_to(5) == 0 ? JournalWorld::kNever : up_to(50);
    world.Live(start, static_cast<int>(up_to(9)), calls);
    if (::testing::Test::HasFailure()) return;
    RandomSurvival survival(random());
    const size_t in_flight = up_to(1) == 0 ? 0 : SIZE_MAX;
    world = up_to(2) == 0 ? world.Kill(in_flight) : world.PowerCut(&survival);
  }
  world.Live(JournalWorld::kNever, 1, JournalWorld::kNever);
}

void RunRounds(JournalWorld::Options options) {
  for (int round = 0; round < FaultRounds(200); ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", round));
    options.seed = static_cast<uint64_t>(round);
    RunRound(options);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST_F(PowerCutTest, AtRandomMomentsLosesNothingAcknowledged) { RunRounds({}); }

TEST_F(PowerCutTest, WhileOldSegmentsAreDeletedLosesNothingAcknowledged) {
  RunRounds({.deletes_old = true});
}

TEST_F(PowerCutTest, OfAFailingDiskLosesNothingAcknowledged) {
  RunRounds({.disk_fails = true});
}

TEST_F(PowerCutTest, OfAFailingDiskWithRetentionLosesNothingAcknowledged) {
  RunRounds({.deletes_old = true, .disk_fails = true});
}

// Two more servers, undisturbed: all is there still, and stays.
void ExpectHolds(JournalWorld world) {
  world.Live(JournalWorld::kNever, 2, JournalWorld::kNever);
  if (::testing::Test::HasFailure()) return;
  NothingSurvives nothing;
  world.PowerCut(&nothing).Live(JournalWorld::kNever, 0, JournalWorld::kNever);
}

// However the world goes on from here, all is well.
void ExpectHoldsAfter(const JournalWorld& world) {
  NothingSurvives nothing;
  EverythingSurvives everything;
  ExpectHolds(world.PowerCut(&nothing));
  ExpectHolds(world.PowerCut(&everything));
  ExpectHolds(world.Kill(0));
  ExpectHolds(world.Kill(SIZE_MAX));
  for (int seed = 0; seed < FaultRounds(5); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomSurvival survival(static_cast<uint64_t>(seed));
    ExpectHolds(world.PowerCut(&survival));
    if (::testing::Test::HasFailure()) return;
  }
}

// A server that was killed left this to the next.
JournalWorld KilledWorld() {
  JournalWorld world({.seed = 11});
  world.Live(JournalWorld::kNever, 3, /*stop_after=*/16);
  return world.Kill(SIZE_MAX);
}

TEST_F(PowerCutTest, AtEveryCallOfAStartLosesNothingAcknowledged) {
  int64_t calls = 0;
  for (bool stopped = true; stopped; ++calls) {
    SCOPED_TRACE(absl::StrCat("after call ", calls));
    JournalWorld world = KilledWorld();
    world.Live(calls, 0, JournalWorld::kNever);
    stopped = world.stopped();
    ExpectHoldsAfter(world);
    if (HasFailure()) return;
  }
  EXPECT_GT(calls, 2) << "the start hardly did anything";
}

TEST_F(PowerCutTest, AtEveryCallOfAServerLosesNothingAcknowledged) {
  int64_t calls = 0;
  for (bool stopped = true; stopped; ++calls) {
    SCOPED_TRACE(absl::StrCat("after call ", calls));
    JournalWorld world = KilledWorld();
    world.Live(JournalWorld::kNever, 8, calls);
    stopped = world.stopped();
    ExpectHoldsAfter(world);
    if (HasFailure()) return;
  }
  EXPECT_GT(calls, 40) << "the server hardly did anything";
}

}  // namespace
}  // namespace logboom
