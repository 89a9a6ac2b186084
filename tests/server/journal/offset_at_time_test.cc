#include "server/journal/offset_at_time.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/journal/segment_writer.h"
#include "tests/server/journal/segment_image.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

absl::Time At(int seconds) { return absl::FromUnixSeconds(1'000 + seconds); }

// Entries of two records each, by the second they were received in.
class OffsetAtTimeTest : public ::testing::Test {
 protected:
  // The next segment, begun in that second.
  void AddSegment(int created, const std::vector<int>& received) {
    auto writer = SegmentWriter::Create(
        &files_, folder_.path(),
        {.journal_id = kTestJournal,
         .number = ++number_,
         .first_offset = next_,
         .created_unix_nano =
             static_cast<uint64_t>(absl::ToUnixNanos(At(created)))},
        /*size_bytes=*/4096);
    ASSERT_TRUE(writer.ok()) << writer.status();
    std::vector<PendingEntry> entries;
    for (const int second : received) {
      entries.push_back(EntryOf("records", /*record_count=*/2));
      entries.back().received = At(second);
    }
    for (const PendingEntry& entry : entries) {
      (*writer)->Stage(entry, next_);
      next_ += 2;
    }
    ASSERT_TRUE((*writer)->Write().ok());
    ASSERT_TRUE((*writer)->Sync().ok());
  }

  Offset Find(absl::Time time) {
    const auto journal =
        RecoverJournal(&files_, folder_.path(), RecoveryMode::kReadOnly);
    EXPECT_TRUE(journal.ok()) << journal.status();
    const auto offset = OffsetAtTime(&files_, folder_.path(), *journal, time);
    EXPECT_TRUE(offset.ok()) << offset.status();
    return offset.value_or(~Offset{0});
  }

  std::string PathOf(Offset first_offset, uint64_t number) const {
    return SegmentName{first_offset, number}.PathIn(folder_.path());
  }

  TempFolder folder_;
  FaultyFileSystem files_;
  uint64_t number_ = 0;
  Offset next_ = 0;
};

TEST_F(OffsetAtTimeTest, EachTimeIsAtTheFirstRecordReceivedAtOrAfterIt) {
  AddSegment(0, {1, 2, 2});      // records 0 to 5
  AddSegment(10, {10, 20});      // 6 to 9
  AddSegment(30, {31, 40, 50});  // 10 to 15
  struct Case {
    int second;
    Offset first;
  };
  for (const Case& expected : std::vector<Case>{{-5, 0},
                                                {0, 0},
                                                {1, 0},
                                                {2, 2},
                                                {3, 6},
                                                {10, 6},
                                                {11, 8},
                                                {20, 8},
                                                {21, 10},
                                                {30, 10},
                                                {31, 10},
                                                {32, 12},
                                                {50, 14},
                                                {51, 16}}) {
    SCOPED_TRACE(absl::StrCat("second ", expected.second));
    EXPECT_EQ(Find(At(expected.second)), expected.first);
  }
  EXPECT_EQ(Find(At(2) + absl::Nanoseconds(1)), 6u);
}

TEST_F(OffsetAtTimeTest, AnEmptyJournalsHeadIsAtAnyTime) {
  EXPECT_EQ(Find(At(0)), 0u);
}

// What was received in the moment a segment was begun may be in the one before.
TEST_F(OffsetAtTimeTest, TheMomentASegmentWasBegunMayBeInTheOneBefore) {
  AddSegment(0, {1, 10});
  AddSegment(10, {10, 11});
  EXPECT_EQ(Find(At(10)), 2u);
}

// An entry waits between being received and being written.
TEST_F(OffsetAtTimeTest, ARecordReceivedBeforeItsSegmentWasBegunIsFound) {
  AddSegment(0, {1});
  AddSegment(10, {8, 9, 12});
  EXPECT_EQ(Find(At(9)), 4u);
  EXPECT_EQ(Find(At(5)), 2u);
}

TEST_F(OffsetAtTimeTest, SegmentsThatWereEndedBeforeAreNotRead) {
  AddSegment(0, std::vector<int>(20, 1));
  AddSegment(10, std::vector<int>(20, 11));
  AddSegment(20, {21});
  const auto journal =
      RecoverJournal(&files_, folder_.path(), RecoveryMode::kReadOnly);
  ASSERT_TRUE(journal.ok());
  const int before = files_.calls(FaultyFileSystem::Call::kRead);
  const auto offset = OffsetAtTime(&files_, folder_.path(), *journal, At(21));
  EXPECT_EQ(offset.value(), 80u);
  EXPECT_EQ(files_.calls(FaultyFileSystem::Call::kRead) - before, 4)
      << "three headers, and the entries of the last segment";
}

TEST_F(OffsetAtTimeTest, ASegmentWhoseHeaderIsDamagedIsFoundByItsNeighbours) {
  AddSegment(0, {1});
  AddSegment(10, {11});
  AddSegment(20, {21});
  auto file = files_.Open(PathOf(2, 2), FileSystem::Mode::kReadWrite);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->WriteAt(0, {std::string(kFirstEntryByte, 'x')}).ok());
  EXPECT_EQ(Find(At(11)), 2u);
  EXPECT_EQ(Find(At(15)), 4u);
}

// A clock that was set back: seconds 5 to 8 are there twice.
TEST_F(OffsetAtTimeTest, OfATimeThatOccursTwiceTheEarlierPlaceCounts) {
  AddSegment(0, {6, 8});
  AddSegment(9, {9, 5});
  AddSegment(6, {7, 10});
  EXPECT_EQ(Find(At(7)), 2u);
}

}  // namespace
}  // namespace logboom
