#include "server/logging/format/record_time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

constexpr uint64_t kNanosPerMilli = 1'000'000;

// The two ways to the same text: by integers, and by Python's floats.
void ExpectSame(uint64_t unix_nano) {
  LogEvent event;
  event.record.time_unix_nano = unix_nano;
  for (const char* datefmt : {"", "%H:%M:%S"}) {
    Asctime asctime(datefmt);
    const auto by_nanos = asctime.Format(unix_nano);
    ASSERT_TRUE(by_nanos.has_value()) << unix_nano;
    const std::string text(*by_nanos);
    const auto by_float = asctime.Format(CreatedOf(event), std::nullopt);
    ASSERT_TRUE(by_float.has_value()) << unix_nano;
    EXPECT_EQ(text, *by_float) << unix_nano;
  }
}

TEST(AsctimeTest, IsThatOfPythonsFloatAtEveryDistanceFromAMillisecond) {
  const ScopedTimeZone zone("UTC");
  std::mt19937_64 random(1);
  for (int i = 0; i < 2'000; ++i) {
    const uint64_t border = random() / kNanosPerMilli * kNanosPerMilli;
    for (const uint64_t distance :
         {uint64_t{0}, uint64_t{1}, uint64_t{119}, uint64_t{120}, uint64_t{239},
          uint64_t{999}, uint64_t{1000}, random() % kNanosPerMilli}) {
      ExpectSame(border + distance);
      if (border >= distance) ExpectSame(border - distance);
    }
  }
}

TEST(AsctimeTest, PutsMillisecondsBehindAComma) {
  const ScopedTimeZone zone("UTC");
  Asctime asctime("");
  EXPECT_EQ(asctime.Format(1'700'000'000'123'456'789),
            "2023-11-14 22:13:20,123");
  EXPECT_EQ(asctime.Format(1'700'000'000'007'000'500),
            "2023-11-14 22:13:20,007");
  EXPECT_EQ(asctime.Format(0), "1970-01-01 00:00:00,000");
}

// As 1700000000.9999999 does in CPython 3.11, whose float rounds up.
TEST(AsctimeTest, RoundsWherePythonDoes) {
  const ScopedTimeZone zone("UTC");
  Asctime asctime("");
  EXPECT_EQ(asctime.Format(1'700'000'000'999'999'900),
            "2023-11-14 22:13:21,000");
  EXPECT_EQ(asctime.Format(1'700'000'000'999'999'800),
            "2023-11-14 22:13:20,999");
}

}  // namespace
}  // namespace logboom
