#include "server/journal/segment_cleaner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Three records a segment of kSmallSegment bytes.
class RetentionInTheJournalTest : public JournalFixture {
 protected:
  RetentionInTheJournalTest() {
    options_.segment_bytes = kSmallSegment;
    options_.retain_bytes = 3 * kSmallSegment;
    options_.max_bytes = 6 * kSmallSegment;
  }

  // The chores run on the journal's thread, behind the append that began a
  // segment: waits until they are over, and stops it.
  void ExpectOldestKept(Offset offset) {
    while (journal_->NewReader(0)->offset() < offset) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    journal_->Stop();  // they are over; readers go on
    EXPECT_EQ(journal_->NewReader(0)->offset(), offset);
  }

  std::unique_ptr<Cursor> CursorAt(const std::string& name, Offset offset) {
    auto cursor = journal_->OpenCursor(name);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    EXPECT_TRUE((*cursor)
                    ->Store({.offset = offset, .counts = {.handled = offset}})
                    .ok());
    return *std::move(cursor);
  }
};

TEST_F(RetentionInTheJournalTest, TheOldestSegmentsGoWhenThereAreTooManyBytes) {
  Open();
  AppendAll(Payloads('p', 13));  // five segments
  ExpectOldestKept(6);
  EXPECT_THAT(SegmentFiles(), SizeIs(3));
  const JournalContents got = ReadFrom(0);
  EXPECT_EQ(got.offsets.front(), 6u);
  EXPECT_EQ(got.missing, 0) << "deleted is not damaged";
}

TEST_F(RetentionInTheJournalTest, TheNextServerBeginsWithWhatIsKept) {
  Open();
  AppendAll(Payloads('p', 13));
  ExpectOldestKept(6);
  Open();
  EXPECT_EQ(journal_->synced_head(), 13u);
  EXPECT_EQ(journal_->NewReader(0)->offset(), 6u);
}

TEST_F(RetentionInTheJournalTest, ACursorKeepsWhatItHasNotPassed) {
  Open();
  AppendAll(Payloads('p', 3));
  CursorAt("slow", 2);
  AppendAll(Payloads('p', 10));
  Open();  // a whole round of chores
  EXPECT_EQ(journal_->NewReader(0)->offset(), 0u);
}

TEST_F(RetentionInTheJournalTest, ACursorThatNobodyTookKeepsItToo) {
  Open();
  AppendAll(Payloads('p', 3));
  CursorAt("removed", 2);
  Open();
  AppendAll(Payloads('p', 13));
  Open();
  EXPECT_EQ(journal_->NewReader(0)->offset(), 0u);
  EXPECT_THAT(journal_->UnusedCursors(), ElementsAre("removed"));
}

TEST_F(RetentionInTheJournalTest, PastTheHardLimitNoCursorCountsAndItIsSaid) {
  testing::internal::CaptureStderr();
  Open();
  AppendAll(Payloads('p', 3));
  const auto cursor = CursorAt("slow", 2);
  const auto reader = journal_->NewReader(2);
  AppendAll(Payloads('p', 22));  // nine segments
  ExpectOldestKept(9);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("before offset 9 are deleted; a handler is only at 2"));
  EXPECT_EQ(ReadToEnd(reader.get()).offsets.front(), 9u);
  EXPECT_EQ(reader->overtaken_records(), 7);
  EXPECT_EQ(reader->missing_records(), 0);
}

// A reader inside a segment that is deleted reads it to its end: only what it
// had not come to is overtaken.
TEST_F(RetentionInTheJournalTest, AReaderKeepsTheSegmentItIsIn) {
  Open();
  AppendAll(Payloads('p', 1));
  const auto reader = journal_->NewReader(0);
  ASSERT_TRUE(reader->Next().ok());
  AppendAll(Payloads('q', 12));
  ExpectOldestKept(6);
  EXPECT_THAT(ReadToEnd(reader.get()).offsets,
              ElementsAre(1, 2, 6, 7, 8, 9, 10, 11, 12));
  EXPECT_EQ(reader->overtaken_records(), 3);
}

TEST_F(RetentionInTheJournalTest, WhatTheDiskWillNotDeleteIsSaidAndPassed) {
  testing::internal::CaptureStderr();
  Open();
  files_.Fail(FaultyFileSystem::Call::kRemove,
              absl::PermissionDeniedError("removing x: not permitted"), 1);
  AppendAll(Payloads('p', 13));
  ExpectOldestKept(6);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("cannot be deleted: removing x: not permitted"));
}

}  // namespace
}  // namespace logboom
