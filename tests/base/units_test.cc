#include "base/units.h"

#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(UnitsTest, ASizeIsAWholeNumberAndAUnit) {
  const struct {
    const char* text;
    int64_t bytes;
  } kCases[] = {{"0", 0},
                {"512", 512},
                {"512B", 512},
                {"64KiB", 65536},
                {"128MiB", 134217728},
                {"10GiB", 10737418240},
                {"007KiB", 7168},
                {"9223372036854775807", kMax},
                {"8589934591GiB", int64_t{8589934591} << 30}};
  for (const auto& [text, bytes] : kCases) {
    const auto size = ParseSize(text);
    ASSERT_TRUE(size.ok()) << size.status();
    EXPECT_EQ(*size, bytes) << text;
  }
}

TEST(UnitsTest, AnythingElseIsNoSize) {
  for (const char* text :
       {"", "B", "KiB", "-1", "+1", "1.5MiB", "1 MiB", " 1", "1 ", "1MB",
        "1kib", "1K", "0x10", "1_000", "9223372036854775808", "8589934592GiB",
        "99999999999999999999GiB"}) {
    const auto size = ParseSize(text);
    ASSERT_FALSE(size.ok()) << text;
    EXPECT_EQ(size.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(
        std::string(size.status().message()),
        testing::AllOf(testing::HasSubstr(text), testing::HasSubstr("128MiB")));
  }
}

TEST(UnitsTest, ADurationNeedsItsUnit) {
  const struct {
    const char* text;
    absl::Duration duration;
  } kCases[] = {
      {"0s", absl::ZeroDuration()}, {"500ms", absl::Milliseconds(500)},
      {"30s", absl::Seconds(30)},   {"10m", absl::Minutes(10)},
      {"12h", absl::Hours(12)},     {"7d", absl::Hours(7 * 24)}};
  for (const auto& [text, expected] : kCases) {
    const auto duration = ParseDuration(text);
    ASSERT_TRUE(duration.ok()) << duration.status();
    EXPECT_EQ(*duration, expected) << text;
  }
  for (const char* text : {"", "7", "0", "s", "-1s", "1.5h", "1 s", "1S", "1w",
                           "106751991168d", "99999999999999999999ms"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(UnitsTest, PrintingPicksTheLargestUnitThatDivides) {
  EXPECT_EQ(FormatSize(0), "0B");
  EXPECT_EQ(FormatSize(1), "1B");
  EXPECT_EQ(FormatSize(1023), "1023B");
  EXPECT_EQ(FormatSize(1536), "1536B");
  EXPECT_EQ(FormatSize(2048), "2KiB");
  EXPECT_EQ(FormatSize(134217728), "128MiB");
  EXPECT_EQ(FormatSize(int64_t{10} << 30), "10GiB");
  EXPECT_EQ(logboom::FormatDuration(absl::ZeroDuration()), "0ms");
  EXPECT_EQ(logboom::FormatDuration(absl::Milliseconds(1500)), "1500ms");
  EXPECT_EQ(logboom::FormatDuration(absl::Seconds(90)), "90s");
  EXPECT_EQ(logboom::FormatDuration(absl::Hours(36)), "36h");
  EXPECT_EQ(logboom::FormatDuration(absl::Hours(168)), "7d");
}

TEST(UnitsTest, WhatIsPrintedIsReadBackExactly) {
  for (const int64_t value :
       {int64_t{0}, int64_t{1}, int64_t{999}, int64_t{1} << 10,
        int64_t{3} << 20, int64_t{5} << 30, (int64_t{5} << 30) + 1, kMax}) {
    EXPECT_EQ(ParseSize(FormatSize(value)).value(), value);
    const absl::Duration duration = absl::Milliseconds(value);
    EXPECT_EQ(ParseDuration(logboom::FormatDuration(duration)).value(),
              duration);
  }
}

}  // namespace
}  // namespace logboom
