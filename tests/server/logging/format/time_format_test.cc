#include "server/logging/format/time_format.h"

#include "gtest/gtest.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

TEST(TimeFormatTest, PrintsEveryConversionAsPythonsStrftime) {
  for (const auto& golden : GoldenCases("times")) {
    const ScopedTimeZone zone(golden[0]);
    TimeFormat format(golden[2].get<std::string>());
    absl::string_view text;
    ASSERT_TRUE(format.Format(golden[1].get<int64_t>(), &text)) << golden;
    EXPECT_EQ(std::string(text), golden[3].get<std::string>()) << golden;
  }
}

TEST(TimeFormatTest, TextFollowsTheSecondAskedFor) {
  const ScopedTimeZone zone("UTC");
  TimeFormat format("%S");
  absl::string_view text;
  for (const int second : {7, 7, 8, 7, 0}) {
    ASSERT_TRUE(format.Format(second, &text));
    EXPECT_EQ(text, absl::string_view(std::to_string(100 + second)).substr(1));
  }
}

TEST(TimeFormatTest, RefusesATimeWhoseYearHasNoNumber) {
  TimeFormat format("%Y");
  absl::string_view text;
  EXPECT_FALSE(format.Format(int64_t{1} << 62, &text));
  ASSERT_TRUE(format.Format(86400, &text)) << "and goes on afterwards";
  EXPECT_EQ(text, "1970");
}

TEST(TimeFormatTest, RefusesFormatsThatPythonCannotUse) {
  EXPECT_TRUE(TimeFormat::Check("%Y é").ok());
  EXPECT_TRUE(TimeFormat::Check("").ok());
  EXPECT_EQ(TimeFormat::Check(absl::string_view("a\0b", 3)).message(),
            "datefmt: byte 1 is a NUL character");
  EXPECT_EQ(TimeFormat::Check("%Y\xff").message(),
            "datefmt: byte 2 is not UTF-8");
}

}  // namespace
}  // namespace logboom
