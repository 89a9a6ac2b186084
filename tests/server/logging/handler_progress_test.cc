#include "server/logging/handler_progress.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

using Loss = HandlerProgress::Loss;

class HandlerProgressTest : public testing::Test {
 protected:
  HandlerProgressTest() {
    progress_.Reset({.offset = 100, .counts = {.skipped = 60, .handled = 40}});
    progress_.BeginBlock();
  }
  void Emit(Offset offset, absl::string_view text) {
    absl::StrAppend(progress_.text(), text);
    progress_.Emitted(offset);
  }
  // What was passed in this block, when `bytes` of it are out.
  CursorPosition DoneAt(size_t bytes) {
    progress_.SetWritten(bytes);
    return progress_.done();
  }
  static CursorPosition Place(Offset offset, HandlerCounts counts) {
    counts.skipped += 60;
    counts.handled += 40;
    return {.offset = offset, .counts = counts};
  }

  HandlerProgress progress_;
};

TEST_F(HandlerProgressTest, ARecordCountsWhenItsLastByteIsOut) {
  Emit(100, "one\n");
  Emit(101, "two\n");
  progress_.PassTo(102);
  EXPECT_EQ(DoneAt(0), Place(100, {}));
  EXPECT_EQ(DoneAt(3), Place(100, {}));
  EXPECT_EQ(progress_.torn_bytes(), 3u);
  EXPECT_EQ(DoneAt(4), Place(101, {.handled = 1}));
  EXPECT_EQ(progress_.torn_bytes(), 0u);
  EXPECT_EQ(DoneAt(7), Place(101, {.handled = 1}));
  EXPECT_EQ(progress_.whole_end(), 4u);
  EXPECT_EQ(DoneAt(8), Place(102, {.handled = 2}));
  EXPECT_TRUE(progress_.all_written());
}

TEST_F(HandlerProgressTest, FilteredRecordsCountWithTheEmittedOneBehindThem) {
  Emit(103, "x\n");  // 100 to 102 are filtered
  Emit(105, "y\n");  // and 104
  progress_.PassTo(110);
  EXPECT_EQ(DoneAt(0), Place(100, {}));
  EXPECT_EQ(DoneAt(2), Place(104, {.handled = 1, .filtered = 3}));
  EXPECT_EQ(DoneAt(4), Place(110, {.handled = 2, .filtered = 8}));
  EXPECT_EQ(progress_.end(), progress_.done());
}

TEST_F(HandlerProgressTest, WithoutTextAllThatWasLookedAtIsDone) {
  progress_.PassTo(107);
  EXPECT_EQ(progress_.done(), Place(107, {.filtered = 7}));
}

TEST_F(HandlerProgressTest, LostRecordsCountWhereTheyLie) {
  progress_.Lost(Loss::kRetentionOvertook, 5);  // 100 to 104
  Emit(106, "x\n");                             // 105 is filtered
  progress_.PassTo(107);
  progress_.Lost(Loss::kJournalDamaged, 1);
  progress_.Lost(Loss::kJournalDamaged, 2);  // to 109
  Emit(110, "y\n");
  progress_.PassTo(111);
  EXPECT_EQ(DoneAt(0), Place(100, {}));
  EXPECT_EQ(DoneAt(2),
            Place(107, {.handled = 1, .filtered = 1, .retention_overtook = 5}));
  EXPECT_EQ(DoneAt(4), Place(111, {.handled = 2,
                                   .filtered = 1,
                                   .journal_damaged = 3,
                                   .retention_overtook = 5}));
}

TEST_F(HandlerProgressTest, ABlockBeginsWhereTheLastOneEnded) {
  Emit(100, "x\n");
  progress_.PassTo(103);
  progress_.SetWritten(2);
  const CursorPosition end = progress_.end();
  progress_.BeginBlock();
  EXPECT_EQ(progress_.done(), end);
  EXPECT_TRUE(progress_.all_written());
  EXPECT_EQ(progress_.passed(), 103u);
}

TEST_F(HandlerProgressTest, WhatWasReplayedStaysReplayed) {
  progress_.Reset({.offset = 10, .counts = {.replayed = 90, .handled = 100}});
  progress_.BeginBlock();
  Emit(10, "x\n");
  progress_.PassTo(12);
  EXPECT_EQ(DoneAt(2),
            (CursorPosition{
                .offset = 12,
                .counts = {.replayed = 90, .handled = 101, .filtered = 1}}));
  EXPECT_EQ(progress_.done().counts.offset(), 12u);
}

}  // namespace
}  // namespace logboom
