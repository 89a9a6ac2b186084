#include "cli/rewind_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace logboom {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2024, 5, 1, 12, 0, 0),
                                        absl::UTCTimeZone());

RewindTarget Parse(const std::string& text) {
  const auto target = ParseRewindTarget(text, kNow);
  EXPECT_TRUE(target.ok()) << target.status();
  return target.value_or(JournalEdge::kHead);
}

absl::Time Utc(int month, int day, int hour, int minute, int second) {
  return absl::FromCivil(
      absl::CivilSecond(2024, month, day, hour, minute, second),
      absl::UTCTimeZone());
}

TEST(RewindTargetTest, ANumberIsARecordsOffset) {
  EXPECT_EQ(Parse("0"), RewindTarget(Offset{0}));
  EXPECT_EQ(Parse("2024"), RewindTarget(Offset{2024}));
  EXPECT_EQ(Parse("18446744073709551615"),
            RewindTarget(std::numeric_limits<Offset>::max()));
}

TEST(RewindTargetTest, TheEdgesHaveNames) {
  EXPECT_EQ(Parse("beginning"), RewindTarget(JournalEdge::kBeginning));
  EXPECT_EQ(Parse("head"), RewindTarget(JournalEdge::kHead));
}

TEST(RewindTargetTest, ADurationIsSoLongAgo) {
  EXPECT_EQ(Parse("2h"), RewindTarget(kNow - absl::Hours(2)));
  EXPECT_EQ(Parse("500ms"), RewindTarget(kNow - absl::Milliseconds(500)));
}

TEST(RewindTargetTest, ATimeIsInUtcUnlessItSaysOtherwise) {
  EXPECT_EQ(Parse("2024-02-29"), RewindTarget(Utc(2, 29, 0, 0, 0)));
  EXPECT_EQ(Parse("2024-04-30 07:05"), RewindTarget(Utc(4, 30, 7, 5, 0)));
  EXPECT_EQ(Parse("2024-04-30 07:05:09"), RewindTarget(Utc(4, 30, 7, 5, 9)));
  EXPECT_EQ(Parse("2024-04-30T07:05:09Z"), RewindTarget(Utc(4, 30, 7, 5, 9)));
  EXPECT_EQ(Parse("2024-04-30T07:05:09.25+02:00"),
            RewindTarget(Utc(4, 30, 5, 5, 9) + absl::Milliseconds(250)));
}

TEST(RewindTargetTest, AnythingElseIsRefusedWithWhatIsAccepted) {
  for (const char* text : {"",
                           " ",
                           "x",
                           "-1",
                           "1.5",
                           "18446744073709551616",
                           "2 h",
                           "h",
                           "Beginning",
                           "infinite-future",
                           "infinite-past",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-04-30 24:30",
                           "2024-04-30 07",
                           "2024-04-30T07:05:09",
                           "2024-04-30 ",
                           " 2024-04-30",
                           "24-04-30",
                           "12024-04-30",
                           "2024-04-30 07:05:09 x"}) {
    SCOPED_TRACE(text);
    const auto target = ParseRewindTarget(text, kNow);
    EXPECT_TRUE(absl::IsInvalidArgument(target.status()));
    EXPECT_THAT(std::string(target.status().message()),
                HasSubstr("is not a record's offset, beginning, head"));
  }
}

}  // namespace
}  // namespace logboom
