#include "server/ingest/raw/report_limiter.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"

namespace logboom {
namespace {

TEST(ReportLimiterTest, LetsThroughSoManyInAPeriodAndCountsTheRest) {
  ReportLimiter limiter(2, absl::Minutes(1));
  absl::Time now = absl::UnixEpoch();
  EXPECT_TRUE(limiter.Allow(now));
  EXPECT_TRUE(limiter.Allow(now));
  EXPECT_EQ(limiter.WithHeldBack("line"), "line");
  for (int i = 0; i < 59; ++i) {
    now += absl::Seconds(1);
    EXPECT_FALSE(limiter.Allow(now));
  }
  now += absl::Seconds(1);
  EXPECT_TRUE(limiter.Allow(now));
  EXPECT_EQ(limiter.WithHeldBack("line"), "line (59 such lines not shown)");
  EXPECT_TRUE(limiter.Allow(now));
  EXPECT_EQ(limiter.WithHeldBack("line"), "line");
  EXPECT_FALSE(limiter.Allow(now));
}

}  // namespace
}  // namespace logboom
