// Goal: percentiles are those of the calls, within the promised 3 %.

#include "tests/fault_client/call_latencies.h"

#include <gtest/gtest.h>

namespace logboom {
namespace {

TEST(CallLatenciesTest, HasNoneToBeginWith) {
  const CallLatencies none;
  EXPECT_EQ(none.Percentile(0.5), absl::ZeroDuration());
  EXPECT_EQ(none.count(), 0);
}

TEST(CallLatenciesTest, FindsPercentilesAtEveryScale) {
  for (int64_t scale = 1; scale < int64_t{1} << 40; scale *= 7) {
    CallLatencies latencies;
    for (int64_t i = 1; i <= 1000; ++i) latencies.Add(i * scale);
    for (const double fraction : {0.5, 0.99, 0.999}) {
      const double exact = fraction * 1000 * static_cast<double>(scale);
      const auto found = static_cast<double>(
          absl::ToInt64Nanoseconds(latencies.Percentile(fraction)));
      EXPECT_NEAR(found, exact, exact * 0.035) << scale;
      EXPECT_GE(found, exact - 1) << scale;
    }
    EXPECT_EQ(latencies.max(), absl::Nanoseconds(1000 * scale));
  }
}

TEST(CallLatenciesTest, MergesThoseOfOtherThreads) {
  CallLatencies one, two;
  one.Add(10);
  two.Add(1'000'000);
  one.Merge(two);
  EXPECT_EQ(one.count(), 2);
  EXPECT_EQ(one.Percentile(0.5), absl::Nanoseconds(10));
  EXPECT_EQ(one.max(), absl::Milliseconds(1));
}

}  // namespace
}  // namespace logboom
