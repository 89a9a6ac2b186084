// Goal: wherever the machine or the process stopped, the next one finds the old
// rules or the new ones, whole; what was stored successfully is there. Method:
// stop the world behind every call that changes the disk.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/control/level_rules_file.h"
#include "tests/testing/power_cut_file_system.h"
#include "tests/testing/survival.h"

namespace logboom {
namespace {

using ::testing::AnyOf;

constexpr char kFolder[] = "journal";
constexpr int64_t kAllCalls = 1'000'000;
constexpr uint64_t kCuts = 40;  // of each world

LevelRules RulesAt(int32_t levelno) {
  LevelRules rules;
  EXPECT_TRUE(rules.Set({"shop.cart", "billing", levelno}).ok());
  return rules;
}

// The level found; 0: there is no file; -1: it gives no rules.
int32_t Found(FileSystem* files) {
  const auto rules = LevelRulesFile(files, kFolder).Load();
  if (!rules) return 0;
  if (rules->by_key().size() != 1) return -1;
  return rules->by_key().begin()->second.levelno;
}

class LevelRulesPowerCutTest : public ::testing::Test {
 protected:
  // A world with the rules of `before` (0: none), in which those of level 20
  // are being stored when it stops behind `calls` calls. False: all were done.
  bool StopWithin(int32_t before, int64_t calls) {
    files_ = std::make_unique<PowerCutFileSystem>();
    EXPECT_TRUE(files_->CreateFolder(kFolder).ok());
    if (before != 0) {
      EXPECT_TRUE(Store(files_.get(), before).ok());
    }
    files_->StopAfter(calls);
    stored_ = Store(files_.get(), 20).ok();
    return files_->stopped();
  }

  static absl::Status Store(FileSystem* files, int32_t levelno) {
    return LevelRulesFile(files, kFolder).Store(RulesAt(levelno));
  }

  // The next process: finds the one or the other, and can go on.
  void Check(std::unique_ptr<PowerCutFileSystem> after, int32_t before) {
    after->StopAfter(kAllCalls);
    const int32_t found = Found(after.get());
    if (stored_) {
      EXPECT_EQ(found, 20);
    } else {
      EXPECT_THAT(found, AnyOf(before, 20));
    }
    ASSERT_TRUE(Store(after.get(), 30).ok());
    EXPECT_EQ(Found(after.get()), 30);
  }

  std::unique_ptr<PowerCutFileSystem> files_;
  bool stored_ = false;
};

TEST_F(LevelRulesPowerCutTest, TheOldOrTheNewRulesAreFound) {
  for (const int32_t before : {0, 10}) {
    bool stopped = true;
    for (int64_t calls = 0; stopped; ++calls) {
      SCOPED_TRACE(
          absl::StrCat("before ", before, ", stopped behind call ", calls));
      stopped = StopWithin(before, calls);
      EXPECT_EQ(stored_, !stopped);
      for (uint64_t seed = 1; seed <= kCuts; ++seed) {
        RandomSurvival survival(seed);
        ASSERT_NO_FATAL_FAILURE(Check(files_->PowerCut(&survival), before));
      }
      NothingSurvives nothing;
      ASSERT_NO_FATAL_FAILURE(Check(files_->PowerCut(&nothing), before));
      for (const size_t in_flight_bytes : {0, 5, 1'000}) {
        ASSERT_NO_FATAL_FAILURE(Check(files_->Kill(in_flight_bytes), before));
      }
    }
  }
}

}  // namespace
}  // namespace logboom
