// Goal: of all rules each producer gets the one that is for it, and no rule
// outlives its time.

#include "server/control/level_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

LevelRules RulesOf(const std::vector<LevelRule>& list) {
  LevelRules rules;
  for (const LevelRule& rule : list) EXPECT_TRUE(rules.Set(rule).ok());
  return rules;
}

// "root=10 shop=30": what a producer of this service is told.
std::vector<std::string> Told(const LevelRules& rules,
                              absl::string_view service) {
  std::vector<std::string> told;
  for (const RuledLevel& level : rules.LevelsFor(service)) {
    told.push_back(absl::StrCat(level.logger, "=", level.levelno));
  }
  return told;
}

TEST(LevelRulesTest, TheRuleForAServiceCountsThereInsteadOfTheOneForAll) {
  const LevelRules rules = RulesOf({{.logger = "shop", .levelno = 10},
                                    {.logger = "root", .levelno = 30},
                                    {"shop", "billing", 40},
                                    {"shop", "audit", 20},
                                    {"shop.cart", "audit", 50}});
  EXPECT_THAT(Told(rules, "billing"), ElementsAre("root=30", "shop=40"));
  EXPECT_THAT(Told(rules, "audit"),
              ElementsAre("root=30", "shop=20", "shop.cart=50"));
  EXPECT_THAT(Told(rules, "other"), ElementsAre("root=30", "shop=10"));
  EXPECT_THAT(Told(rules, ""), ElementsAre("root=30", "shop=10"))
      << "a producer that has no service is told what is for all";
}

TEST(LevelRulesTest, OneRuleALoggerAndService) {
  const LevelRules rules =
      RulesOf({{"a", "", 10, kNow}, {"a", "s", 20}, {"a", "", 30}});
  EXPECT_THAT(Told(rules, ""), ElementsAre("a=30"));
  EXPECT_THAT(Told(rules, "s"), ElementsAre("a=20"));
  EXPECT_EQ(rules.next_expiry(), absl::InfiniteFuture())
      << "the time of the rule that was replaced went with it";
}

TEST(LevelRulesTest, ResetTakesOneRuleAndSaysWhichThereAre) {
  LevelRules rules = RulesOf({{"a", "", 10}, {"a", "s", 20}, {"b", "t", 20}});
  ASSERT_TRUE(rules.Reset("a", "").ok());
  EXPECT_THAT(Told(rules, ""), IsEmpty());
  EXPECT_THAT(Told(rules, "s"), ElementsAre("a=20"));
  const absl::Status again = rules.Reset("a", "");
  EXPECT_EQ(again.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(again.message(), HasSubstr("only in the service s"));
  EXPECT_EQ(rules.Reset("a", "S").code(), absl::StatusCode::kNotFound);
}

TEST(LevelRulesTest, ExpiresWhatHasItsTimeBehindItAndNothingElse) {
  LevelRules rules = RulesOf({{"a", "", 10, kNow},
                              {"b", "", 10, kNow + absl::Nanoseconds(1)},
                              {"c", "", 10}});
  EXPECT_EQ(rules.next_expiry(), kNow);
  EXPECT_FALSE(rules.Expire(kNow - absl::Nanoseconds(1)));
  EXPECT_TRUE(rules.Expire(kNow));
  EXPECT_THAT(Told(rules, ""), ElementsAre("b=10", "c=10"));
  EXPECT_FALSE(rules.Expire(kNow));
  EXPECT_TRUE(rules.Expire(kNow + absl::Hours(1)));
  EXPECT_THAT(Told(rules, ""), ElementsAre("c=10"));
  EXPECT_EQ(rules.next_expiry(), absl::InfiniteFuture());
}

TEST(LevelRulesTest, AFullSetTakesReplacementsOnly) {
  LevelRules rules;
  for (size_t i = 0; i < LevelRules::kMaxRules; ++i) {
    ASSERT_TRUE(rules.Set({absl::StrCat("logger", i), "", 10}).ok());
  }
  EXPECT_EQ(rules.Set({"one.more", "", 10}).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(rules.Set({"logger7", "", 20}).ok());
  ASSERT_TRUE(rules.Reset("logger7", "").ok());
  EXPECT_TRUE(rules.Set({"one.more", "", 10}).ok());
}

TEST(LevelRulesTest, AnUpdateSaysWhatIsLeftOfEachLevelsTime) {
  const v1::LevelUpdate update =
      MakeLevelUpdate({{"a", 10, kNow + absl::Milliseconds(2'500)},
                       {"b", 0},
                       {"late", 20, kNow - absl::Seconds(5)}},
                      7, kNow);
  EXPECT_EQ(update.version(), 7u);
  ASSERT_EQ(update.levels_size(), 3);
  EXPECT_EQ(update.levels(0).logger(), "a");
  EXPECT_EQ(update.levels(0).levelno(), 10);
  EXPECT_EQ(update.levels(0).expires_in().seconds(), 2);
  EXPECT_EQ(update.levels(0).expires_in().nanos(), 500'000'000);
  EXPECT_FALSE(update.levels(1).has_expires_in()) << "for good";
  EXPECT_EQ(update.levels(2).expires_in().nanos(), 1'000'000)
      << "what is over must not read as for good";
}

}  // namespace
}  // namespace logboom
