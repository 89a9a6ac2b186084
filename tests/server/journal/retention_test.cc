#include "server/journal/retention.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace logboom {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr Offset kNoCursor = std::numeric_limits<Offset>::max();

// Four old segments of 100 bytes and 10 records each, and a newest one of 100
// bytes: 500 bytes. They ended 4, 3, 2 and 1 hours ago.
class RetentionTest : public ::testing::Test {
 protected:
  RetentionTest() {
    options_.retain_bytes = 1000;
    options_.retain_age = absl::Hours(24);
    options_.max_bytes = 2000;
    for (int i = 0; i < 4; ++i) {
      segments_.push_back({.end_offset = static_cast<Offset>(10 * (i + 1)),
                           .bytes = 100,
                           .ended = kNow - absl::Hours(4 - i)});
    }
  }

  size_t Count(Offset least_cursor = kNoCursor) const {
    return CountToDelete(options_, segments_, newest_bytes_, least_cursor,
                         kNow);
  }

  JournalOptions options_;
  std::vector<RetainedSegment> segments_;
  int64_t newest_bytes_ = 100;
};

TEST_F(RetentionTest, KeepsAllWithinTheBounds) { EXPECT_EQ(Count(), 0u); }

TEST_F(RetentionTest, KeepsANewestSegmentHoweverLargeAndOld) {
  segments_.clear();
  newest_bytes_ = 1'000'000;
  EXPECT_EQ(Count(), 0u);
}

TEST_F(RetentionTest, DeletesFromTheOldEndUntilTheBytesAreWithinTheBound) {
  options_.retain_bytes = 500;
  EXPECT_EQ(Count(), 0u) << "exactly at the bound";
  options_.retain_bytes = 499;
  EXPECT_EQ(Count(), 1u);
  options_.retain_bytes = 400;
  EXPECT_EQ(Count(), 1u);
  options_.retain_bytes = 399;
  EXPECT_EQ(Count(), 2u);
  options_.retain_bytes = 1;
  EXPECT_EQ(Count(), 4u) << "the newest is never counted";
}

TEST_F(RetentionTest, TheNewestSegmentsBytesCountInTheSum) {
  options_.retain_bytes = 500;
  newest_bytes_ = 101;
  EXPECT_EQ(Count(), 1u);
}

TEST_F(RetentionTest, DeletesWhatIsOlderThanTheAge) {
  options_.retain_age = absl::Hours(4);
  EXPECT_EQ(Count(), 0u) << "exactly of that age";
  options_.retain_age = absl::Hours(4) - absl::Nanoseconds(1);
  EXPECT_EQ(Count(), 1u);
  options_.retain_age = absl::Hours(2);
  EXPECT_EQ(Count(), 2u);
  options_.retain_age = absl::ZeroDuration();
  EXPECT_EQ(Count(), 4u);
}

TEST_F(RetentionTest, AnEndlessAgeKeepsEverything) {
  options_.retain_age = absl::InfiniteDuration();
  segments_[0].ended = absl::UnixEpoch();
  EXPECT_EQ(Count(), 0u);
}

TEST_F(RetentionTest, AClockSetBackMakesNothingOld) {
  options_.retain_age = absl::Hours(1);
  for (RetainedSegment& segment : segments_)
    segment.ended = kNow + absl::Hours(1);
  EXPECT_EQ(Count(), 0u);
}

// Only whole prefixes go: offsets have no holes.
TEST_F(RetentionTest, ANewerSegmentNeverGoesBeforeAnOlderOne) {
  options_.retain_age = absl::Hours(3);
  segments_[0].ended = kNow;
  EXPECT_EQ(Count(), 0u);
}

TEST_F(RetentionTest, ACursorKeepsTheSegmentsItHasNotPassed) {
  options_.retain_bytes = 1;
  EXPECT_EQ(Count(0), 0u);
  EXPECT_EQ(Count(9), 0u);
  EXPECT_EQ(Count(10), 1u) << "its next record is the next segment's first";
  EXPECT_EQ(Count(11), 1u);
  EXPECT_EQ(Count(39), 3u);
  EXPECT_EQ(Count(40), 4u);
}

TEST_F(RetentionTest, ACursorKeepsOldSegmentsToo) {
  options_.retain_age = absl::ZeroDuration();
  EXPECT_EQ(Count(20), 2u);
}

TEST_F(RetentionTest, PastTheHardLimitACursorIsOverridden) {
  options_.retain_bytes = 1;
  options_.max_bytes = 500;
  EXPECT_EQ(Count(0), 0u) << "exactly at the limit";
  options_.max_bytes = 499;
  EXPECT_EQ(Count(0), 1u) << "and no further than to the limit";
  options_.max_bytes = 300;
  EXPECT_EQ(Count(0), 2u);
  EXPECT_EQ(Count(30), 3u) << "the cursor has passed one more";
  options_.max_bytes = 1;
  EXPECT_EQ(Count(0), 4u) << "the newest is never counted";
}

TEST_F(RetentionTest, PastTheHardLimitYoungSegmentsGoToo) {
  options_.max_bytes = 499;
  EXPECT_EQ(Count(), 1u) << "though retain_bytes would allow for more";
}

TEST_F(RetentionTest, WithoutAHardLimitItIsTwiceTheBytesRetained) {
  options_.max_bytes = 0;
  options_.retain_bytes = 250;
  EXPECT_EQ(Count(0), 0u) << "500 bytes, exactly twice";
  options_.retain_bytes = 249;
  EXPECT_EQ(Count(0), 1u);
}

}  // namespace
}  // namespace logboom
