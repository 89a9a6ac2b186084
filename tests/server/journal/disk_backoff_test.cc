#include "server/journal/disk_backoff.h"

#include <gtest/gtest.h>

namespace logboom {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000'000);

TEST(DiskBackoffTest, TheFirstAttemptAfterOneFailureIsMadeAtOnce) {
  DiskBackoff backoff;
  EXPECT_LT(backoff.retry_at(), kStart);
  backoff.Failed(kStart);
  EXPECT_EQ(backoff.retry_at(), kStart);
}

TEST(DiskBackoffTest, FurtherFailuresDoubleThePauseUpToItsBound) {
  DiskBackoff backoff;
  backoff.Failed(kStart);
  absl::Duration expected = DiskBackoff::kFirstPause;
  for (int i = 0; i < 20; ++i) {
    backoff.Failed(kStart);
    EXPECT_EQ(backoff.retry_at(), kStart + expected) << i;
    expected = std::min(expected * 2, DiskBackoff::kLongestPause);
  }
  EXPECT_EQ(expected, DiskBackoff::kLongestPause);
}

TEST(DiskBackoffTest, SuccessForgetsThePause) {
  DiskBackoff backoff;
  for (int i = 0; i < 5; ++i) backoff.Failed(kStart);
  backoff.Succeeded();
  EXPECT_LT(backoff.retry_at(), kStart);
  backoff.Failed(kStart);
  EXPECT_EQ(backoff.retry_at(), kStart);
}

TEST(DiskBackoffTest, ReportsAtMostOnceAMinute) {
  DiskBackoff backoff;
  EXPECT_TRUE(backoff.Failed(kStart));
  EXPECT_FALSE(backoff.Failed(kStart + absl::Seconds(59)));
  EXPECT_TRUE(backoff.Failed(kStart + absl::Seconds(60)));
  backoff.Succeeded();
  EXPECT_FALSE(backoff.Failed(kStart + absl::Seconds(61)))
      << "a disk that comes and goes does not fill the screen either";
}

}  // namespace
}  // namespace logboom
