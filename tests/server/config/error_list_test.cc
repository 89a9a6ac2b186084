#include "server/config/error_list.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

TEST(ErrorListTest, ErrorsComeInFileOrderAndNoneTwice) {
  ErrorList errors("f.yaml");
  EXPECT_TRUE(errors.empty());
  errors.Add({10, 2}, "c", "late");
  errors.Add({9, 30}, "b", "earlier");
  errors.Add({9, 4}, "", "first");
  errors.Add({9, 30}, "b", "earlier");
  errors.Add({9, 30}, "b2", "another at one place");
  EXPECT_FALSE(errors.empty());
  EXPECT_EQ(errors.ToString(),
            "f.yaml:9:4: first\n"
            "f.yaml:9:30: b: earlier\n"
            "f.yaml:9:30: b2: another at one place\n"
            "f.yaml:10:2: c: late");
}

TEST(ErrorListTest, AQuotedTextIsOneShortLine) {
  EXPECT_EQ(Quote("shop"), "'shop'");
  EXPECT_EQ(Quote("a\nb\x1b"), "'a\\nb\\033'");
  EXPECT_EQ(Quote(std::string(80, 'x')), "'" + std::string(80, 'x') + "'");
  EXPECT_EQ(Quote(std::string(81, 'x')), "'" + std::string(80, 'x') + "'...");
  // Never cut inside a character.
  const std::string wide = std::string(79, 'x') + "\xC3\xA9";
  EXPECT_EQ(Quote(wide), "'" + std::string(79, 'x') + "'...");
  EXPECT_EQ(OneLine("a\n\x7f\xC3\xA9'"), "a\\x0a\\x7f\xC3\xA9'");
}

TEST(ErrorListTest, ALongListIsCut) {
  std::vector<std::string> names;
  EXPECT_EQ(Listed(names), "none");
  for (char c = 'a'; c < 'a' + 12; ++c) names.push_back(std::string(1, c));
  EXPECT_EQ(Listed(names), "a, b, c, d, e, f, g, h, i, j and 2 more");
}

TEST(ErrorListTest, OnlyANearNameIsSuggested) {
  const std::vector<std::string> names = {"grpc", "level", "handlers",
                                          "apply_logger_levels"};
  EXPECT_EQ(DidYouMean("levle", names), ", did you mean 'level'?");
  EXPECT_EQ(DidYouMean("LEVEL", names), ", did you mean 'level'?");
  EXPECT_EQ(DidYouMean("grp", names), ", did you mean 'grpc'?");
  EXPECT_EQ(DidYouMean("handler", names), ", did you mean 'handlers'?");
  EXPECT_EQ(DidYouMean("apply-logger-levels", names),
            ", did you mean 'apply_logger_levels'?");
  EXPECT_EQ(DidYouMean("colour", names), "");
  EXPECT_EQ(DidYouMean("", names), "");
  EXPECT_EQ(DidYouMean(std::string(1000, 'x'), names), "");
  EXPECT_EQ(DidYouMean("level", {}), "");
}

}  // namespace
}  // namespace logboom
