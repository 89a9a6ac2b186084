#include "client/backoff.h"

#include <gtest/gtest.h>

namespace logboom {
namespace {

TEST(BackoffTest, PausesDoubleUpToTheLongest) {
  Backoff backoff(absl::Seconds(1), absl::Seconds(5), [] { return 1.0; });
  for (const int seconds : {1, 2, 4, 5, 5}) {
    EXPECT_EQ(backoff.Next(), absl::Seconds(seconds));
  }
  backoff.Reset();
  EXPECT_EQ(backoff.Next(), absl::Seconds(1));
}

TEST(BackoffTest, APauseIsDrawnBetweenHalfAndAllOfIt) {
  double drawn = 0;
  Backoff backoff(absl::Seconds(4), absl::Seconds(4), [&] { return drawn; });
  EXPECT_EQ(backoff.Next(), absl::Seconds(2));
  drawn = 0.5;
  EXPECT_EQ(backoff.Next(), absl::Seconds(3));
  EXPECT_EQ(backoff.Jittered(absl::Seconds(8)), absl::Seconds(6));
}

TEST(BackoffTest, AfterTheLongestTheNextIsTheLongestToo) {
  Backoff backoff(absl::Seconds(1), absl::Seconds(8), [] { return 1.0; });
  EXPECT_EQ(backoff.Longest(), absl::Seconds(8));
  EXPECT_EQ(backoff.Next(), absl::Seconds(8));
}

TEST(BackoffTest, AFirstPauseLongerThanTheLongestIsCut) {
  Backoff backoff(absl::Seconds(9), absl::Seconds(3), [] { return 1.0; });
  EXPECT_EQ(backoff.Next(), absl::Seconds(3));
}

}  // namespace
}  // namespace logboom
