#include "server/journal/segment_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "tests/testing/temp_folder.h"

namespace logboom {

void PrintTo(const SegmentName& name, std::ostream* out) {
  *out << name.FileName();
}

namespace {

using ::testing::ElementsAre;

TEST(SegmentNameTest, IsOffsetThenNumberInFixedWidth) {
  EXPECT_EQ((SegmentName{524288, 2}).FileName(),
            "00000000000000524288-0000000002.segment");
  EXPECT_EQ((SegmentName{0, 1}).PathIn("/x"),
            "/x/00000000000000000000-0000000001.segment");
}

TEST(SegmentNameTest, ReadsBackWhatItWrites) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  for (const SegmentName name :
       {SegmentName{0, 1}, SegmentName{524288, 2}, SegmentName{kMost, kMost}}) {
    EXPECT_EQ(ParseSegmentName(name.FileName()), name);
  }
}

TEST(SegmentNameTest, AnyOtherFormIsNotASegment) {
  for (const absl::string_view other :
       {"", ".", "LOCK", "cursors", "00000000000000000000-0000000001",
        "0-1.segment", "00000000000000000000-0000000001.segment~",
        "00000000000000000000-0000000001.SEGMENT",
        "00000000000000000000_0000000001.segment",
        "0000000000000000000x-0000000001.segment",
        "+0000000000000000001-0000000001.segment",
        " 0000000000000000001-0000000001.segment",
        "00000000000000000001- 000000001.segment",
        "99999999999999999999-0000000001.segment",
        "00000000000000000001-.segment", "00000000000000000001.segment"}) {
    EXPECT_FALSE(ParseSegmentName(other).has_value()) << other;
  }
}

TEST(SegmentNameTest, AFolderListsItsSegmentsByNumberAndNothingElse) {
  TempFolder folder;
  for (const std::string& name :
       {SegmentName{5, 10}.FileName(), SegmentName{9, 2}.FileName(),
        SegmentName{0, 1}.FileName(), std::string("LOCK")}) {
    ASSERT_TRUE(SystemFiles()
                    ->Open(folder.PathOf(name), FileSystem::Mode::kCreate)
                    .ok());
  }
  EXPECT_THAT(
      ListSegments(SystemFiles(), folder.path()).value(),
      ElementsAre(SegmentName{0, 1}, SegmentName{9, 2}, SegmentName{5, 10}));
}

TEST(SegmentNameTest, ANewerSegmentReplacesOlderOnesFromItsFirstOffsetOn) {
  std::vector<SegmentName> segments = {
      {0, 1}, {10, 2}, {20, 3}, {10, 4}, {15, 7}};
  DropReplacedSegments(&segments);
  EXPECT_THAT(segments, ElementsAre(SegmentName{0, 1}, SegmentName{10, 4},
                                    SegmentName{15, 7}));
}

TEST(SegmentNameTest, SegmentsThatDoNotOverlapAllStay) {
  std::vector<SegmentName> segments = {{0, 1}, {10, 2}, {20, 3}};
  DropReplacedSegments(&segments);
  EXPECT_EQ(segments.size(), 3u);
}

}  // namespace
}  // namespace logboom
