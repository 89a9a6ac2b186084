// Goal: names, parents and effective levels are CPython's, and a level that the
// server pushes stands in place of the program's own for as long as it lasts.
// (logger_levels_agreement_test.cc asks CPython itself.)
#include "client/logger_levels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace logboom {
namespace {

constexpr int32_t kDebug = 10;
constexpr int32_t kInfo = 20;
constexpr int32_t kWarning = 30;
constexpr int32_t kError = 40;

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

class LoggerLevelsTest : public ::testing::Test {
 protected:
  LoggerLevelsTest() { levels_.Activate(); }

  LoggerNode& Get(absl::string_view name) { return *levels_.GetLogger(name); }
  void Set(absl::string_view name, int32_t level) {
    levels_.SetLevel(Get(name), level);
  }
  // What counts, which its threshold must say too.
  int32_t Effective(absl::string_view name) {
    const LoggerNode& node = Get(name);
    const int32_t level = levels_.effective_level(node);
    EXPECT_EQ(node.enabled_from.load(), std::max(level, 1)) << name;
    return level;
  }
  void Push(const std::vector<PushedLevel>& pushed) {
    levels_.SetPushed(pushed, kNow);
  }

  LoggerLevels levels_{kWarning};
};

TEST_F(LoggerLevelsTest, TheSameNameIsTheSameLogger) {
  EXPECT_EQ(&Get("shop.cart"), &Get("shop.cart"));
  EXPECT_NE(&Get("shop.cart"), &Get("shop"));
  EXPECT_EQ(Get("shop.cart").name, "shop.cart");
}

TEST_F(LoggerLevelsTest, TheRootLoggerIsCalledRootOrNothing) {
  EXPECT_EQ(&Get(""), &Get("root"));
  EXPECT_EQ(Get("").name, "root");
  EXPECT_EQ(Get("").encoded_name, "");
}

TEST_F(LoggerLevelsTest, TheEncodedNameIsALogRecordsLogger) {
  EXPECT_EQ(Get("shop").encoded_name, "\x7a\x04shop");
}

TEST_F(LoggerLevelsTest, ManyLoggersKeepTheirPlace) {
  std::vector<LoggerNode*> nodes;
  for (int i = 0; i < 1000; ++i) nodes.push_back(&Get(std::to_string(i)));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(&Get(std::to_string(i)), nodes[static_cast<size_t>(i)]);
  }
}

TEST_F(LoggerLevelsTest, AChildsNameGoesOnBehindADot) {
  EXPECT_EQ(levels_.GetChild(Get("shop"), "cart.add"), &Get("shop.cart.add"));
  EXPECT_EQ(levels_.GetChild(Get("root"), "shop"), &Get("shop"));
}

TEST_F(LoggerLevelsTest, WithoutALevelALoggerTakesTheNearestAboveIt) {
  Get("a.b.c.d");
  EXPECT_EQ(Effective("a.b.c.d"), kWarning);
  Set("a", kError);
  EXPECT_EQ(Effective("a.b.c.d"), kError);
  Set("a.b.c", kDebug);
  EXPECT_EQ(Effective("a.b.c.d"), kDebug);
  EXPECT_EQ(Effective("a.b"), kError);
  Set("a.b.c", 0);
  EXPECT_EQ(Effective("a.b.c.d"), kError);
  Set("a", 0);
  Set("root", kInfo);
  EXPECT_EQ(Effective("a.b.c.d"), kInfo);
  EXPECT_EQ(levels_.level(Get("a.b.c.d")), 0);
}

TEST_F(LoggerLevelsTest, ANameThatBeginsLikeAnotherIsNotBelowIt) {
  Set("shop", kDebug);
  EXPECT_EQ(Effective("shopping"), kWarning);
  EXPECT_EQ(Effective("shopping.cart"), kWarning);
  EXPECT_EQ(Effective("my.shop"), kWarning);
}

// As CPython has it (Manager._fixupParents), odd as it is.
TEST_F(LoggerLevelsTest, ANameBeforeTwoDotsIsNoParent) {
  Set("a", kError);
  EXPECT_EQ(Effective("a..b"), kWarning);
  Set("a.", kDebug);
  EXPECT_EQ(Effective("a..b"), kDebug);
}

TEST_F(LoggerLevelsTest, WithNoLevelAnywhereEverythingAboveZeroIsEnabled) {
  Set("root", 0);
  EXPECT_EQ(Effective("a"), 0);
  EXPECT_EQ(Get("a").enabled_from.load(), 1);
}

TEST_F(LoggerLevelsTest, BeforeActivateEverythingIsEnabled) {
  LoggerLevels levels(kWarning);
  LoggerNode* const node = levels.GetLogger("a");
  levels.SetLevel(*node, kError);
  levels.SetPushed({{"a", kInfo}}, kNow);
  EXPECT_EQ(node->enabled_from.load(), INT32_MIN);
  EXPECT_EQ(levels.GetLogger("root")->enabled_from.load(), INT32_MIN);
  EXPECT_EQ(levels.effective_level(*node), kInfo);
  levels.Activate();
  EXPECT_EQ(node->enabled_from.load(), kInfo);
  EXPECT_EQ(levels.GetLogger("root")->enabled_from.load(), kWarning);
  EXPECT_EQ(levels.GetLogger("later")->enabled_from.load(), kWarning);
}

TEST_F(LoggerLevelsTest, APushedLevelStandsInPlaceOfTheOwnOne) {
  Set("a", kError);
  Get("a.b");
  Push({{"a", kDebug}});
  EXPECT_EQ(Effective("a"), kDebug);
  EXPECT_EQ(Effective("a.b"), kDebug);
  EXPECT_EQ(levels_.level(Get("a")), kError);
  Set("a", kInfo);  // takes effect when the pushed one is gone
  EXPECT_EQ(Effective("a"), kDebug);
  Push({});
  EXPECT_EQ(Effective("a"), kInfo);
  EXPECT_EQ(Effective("a.b"), kInfo);
}

TEST_F(LoggerLevelsTest, AnOwnLevelBelowAPushedOneCounts) {
  Set("a.b", kError);
  Push({{"a", kDebug}});
  EXPECT_EQ(Effective("a.b"), kError);
  EXPECT_EQ(Effective("a.b.c"), kError);
  EXPECT_EQ(Effective("a.c"), kDebug);
}

TEST_F(LoggerLevelsTest, APushedLevelOfANameWithoutLoggerCountsBelowIt) {
  Get("a.b.c");
  Push({{"a.b", kDebug}});
  EXPECT_EQ(Effective("a.b.c"), kDebug);
  EXPECT_EQ(Effective("a"), kWarning);
  EXPECT_EQ(Effective("a.b"), kDebug) << "made after the level was pushed";
}

TEST_F(LoggerLevelsTest, APushedNotsetTakesTheOwnLevelAway) {
  Set("a", kError);
  Push({{"a", 0}});
  EXPECT_EQ(Effective("a"), kWarning);
}

TEST_F(LoggerLevelsTest, TheRootLoggersLevelCanBePushedByBothNames) {
  for (const char* name : {"root", ""}) {
    Push({{name, kError}});
    EXPECT_EQ(Effective("root"), kError);
    EXPECT_EQ(Effective("a.b"), kError);
    Push({});
    EXPECT_EQ(Effective("a.b"), kWarning);
  }
}

TEST_F(LoggerLevelsTest, PushedLevelsReplaceAllEarlierOnes) {
  Push({{"a", kDebug}, {"b", kDebug}});
  Push({{"b", kError}, {"c", kInfo}});
  EXPECT_EQ(Effective("a"), kWarning);
  EXPECT_EQ(Effective("b"), kError);
  EXPECT_EQ(Effective("c"), kInfo);
}

TEST_F(LoggerLevelsTest, PushedLevelsEndOneByOneWhenTheirTimeIsOver) {
  Push({{"a", kDebug, absl::Seconds(60)},
        {"b", kDebug, absl::Seconds(30)},
        {"c", kDebug}});
  Get("a.x");
  EXPECT_EQ(levels_.Expire(kNow), kNow + absl::Seconds(30));
  EXPECT_EQ(Effective("b"), kDebug);
  EXPECT_EQ(levels_.Expire(kNow + absl::Seconds(30)), kNow + absl::Seconds(60));
  EXPECT_EQ(Effective("b"), kWarning);
  EXPECT_EQ(Effective("a.x"), kDebug);
  EXPECT_EQ(levels_.Expire(kNow + absl::Seconds(61)), absl::InfiniteFuture());
  EXPECT_EQ(Effective("a.x"), kWarning);
  EXPECT_EQ(Effective("c"), kDebug) << "for good";
}

TEST_F(LoggerLevelsTest, ANewerPushedLevelOutlivesTheOldersTime) {
  Push({{"a", kDebug, absl::Seconds(30)}});
  Push({{"a", kInfo}});
  EXPECT_EQ(levels_.Expire(kNow + absl::Hours(1)), absl::InfiniteFuture());
  EXPECT_EQ(Effective("a"), kInfo);
}

TEST_F(LoggerLevelsTest, AllFunctionsMayBeCalledFromAllThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 300; ++i) {
        LoggerNode* const node = levels_.GetLogger(std::to_string(i % 20));
        if (t == 0) levels_.SetLevel(*node, i % 50 + 1);
        if (t == 1) Push({{"3", i % 50 + 1, absl::Seconds(i)}});
        if (t == 2) levels_.Expire(kNow + absl::Seconds(i));
        EXPECT_GT(node->enabled_from.load(std::memory_order_relaxed), 0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Push({});
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    EXPECT_EQ(Effective(name), levels_.level(Get(name)));
  }
}

TEST(EffectiveLevelTest, StopsAtTheNearestLevelOfEitherKind) {
  const LevelsByName own = {{"root", 30}, {"a", 20}, {"a.b.c", 0}};
  EXPECT_EQ(EffectiveLevel("a.b.c", own, {}), 20);
  EXPECT_EQ(EffectiveLevel("a.b.c", own, {{"a.b", 40}}), 40);
  EXPECT_EQ(EffectiveLevel("a.b.c", own, {{"a", 0}}), 30);
  EXPECT_EQ(EffectiveLevel("a.b.c", own, {{"a", 0}, {"root", 0}}), 0);
}

}  // namespace
}  // namespace logboom
