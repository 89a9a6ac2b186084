#include "server/journal/rewind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "server/journal/cursor_folder.h"
#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

// Goal: a move keeps the sum of what became of all records. Method: every move
// between two places, with every number of records deleted.
TEST(MovedTest, KeepsTheBalance) {
  for (Offset from = 0; from <= 6; ++from) {
    const CursorPosition position = {
        .offset = from,
        .output = {.device = 1, .inode = 2, .size_bytes = 3},
        .counts = {
            .skipped = 2, .replayed = 4, .handled = from + 1, .filtered = 1}};
    ASSERT_EQ(position.counts.offset(), from);
    for (Offset oldest = 0; oldest <= 6; ++oldest) {
      for (Offset to = oldest; to <= 6; ++to) {
        const CursorPosition moved = Moved(position, to, oldest);
        EXPECT_EQ(moved.offset, to);
        EXPECT_EQ(moved.counts.offset(), to);
        EXPECT_FALSE(moved.output.known());
        EXPECT_EQ(moved.counts.handled, position.counts.handled);
      }
    }
  }
}

TEST(MovedTest, CountsWhatIsPassedAgainAsReplayed) {
  const HandlerCounts counts =
      Moved({.offset = 10, .counts = {.handled = 10}}, 7, 2).counts;
  EXPECT_EQ(counts, (HandlerCounts{.replayed = 3, .handled = 10}));
}

TEST(MovedTest, CountsWhatIsLeftOutAsSkipped) {
  const HandlerCounts counts =
      Moved({.offset = 10, .counts = {.handled = 10}}, 17, 2).counts;
  EXPECT_EQ(counts, (HandlerCounts{.skipped = 7, .handled = 10}));
}

TEST(MovedTest, CountsWhatWasDeletedAsLostAndOnlyTheRestAsSkipped) {
  const HandlerCounts counts =
      Moved({.offset = 10, .counts = {.handled = 10}}, 17, 12).counts;
  EXPECT_EQ(counts, (HandlerCounts{
                        .skipped = 5, .handled = 10, .retention_overtook = 2}));
}

// A journal of nine records, three a segment, and a cursor in it.
class RewindTest : public JournalFixture {
 protected:
  RewindTest() { options_.segment_bytes = kSmallSegment; }

  // The place of a handler that has handled all before it.
  static CursorPosition PlaceOf(Offset offset) {
    return {.offset = offset,
            .output = {.device = 1,
                       .inode = 2,
                       .size_bytes = static_cast<int64_t>(offset) * 10},
            .counts = {.handled = offset}};
  }

  void Prepare(Offset cursor_at) {
    Open();
    AppendAll(Payloads('p', 9));
    StoreCursor("errors", cursor_at);
    Close();
  }

  void StoreCursor(const std::string& name, Offset offset) {
    const auto cursor = journal_->OpenCursor(name);
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    ASSERT_TRUE((*cursor)->Store(PlaceOf(offset)).ok());
  }

  absl::StatusOr<Rewind> Run(const RewindTarget& target,
                             const std::string& name = "errors") {
    return RewindHandler(&files_, options_.path, name, target);
  }

  CursorPosition Stored() {
    const auto cursors = ListCursors(&files_, options_.path);
    EXPECT_TRUE(cursors.ok() && cursors->size() == 1u);
    EXPECT_FALSE(cursors->front().mark.has_value()) << "it is of no use now";
    return cursors->front().position;
  }
};

TEST_F(RewindTest, MovesTheCursorBack) {
  Prepare(7);
  const auto rewind = Run(Offset{2});
  ASSERT_TRUE(rewind.ok()) << rewind.status();
  EXPECT_EQ(rewind->from, 7u);
  EXPECT_EQ(rewind->to, 2u);
  EXPECT_EQ(rewind->head, 9u);
  EXPECT_EQ(
      Stored(),
      (CursorPosition{.offset = 2, .counts = {.replayed = 5, .handled = 7}}));
}

TEST_F(RewindTest, MovesTheCursorForward) {
  Prepare(2);
  ASSERT_TRUE(Run(JournalEdge::kHead).ok());
  EXPECT_EQ(Stored(), (CursorPosition{.offset = 9,
                                      .counts = {.skipped = 7, .handled = 2}}));
}

TEST_F(RewindTest, LeavesACursorThatIsThereAlreadyAsItIs) {
  Prepare(7);
  const auto rewind = Run(Offset{7});
  ASSERT_TRUE(rewind.ok()) << rewind.status();
  EXPECT_EQ(Stored(), PlaceOf(7)) << "its output is known still";
}

TEST_F(RewindTest, TheServerFindsTheMovedCursor) {
  Prepare(7);
  ASSERT_TRUE(Run(JournalEdge::kBeginning).ok());
  Open();
  const auto cursor = journal_->OpenCursor("errors");
  ASSERT_TRUE(cursor.ok());
  EXPECT_EQ((*cursor)->stored()->offset, 0u);
  EXPECT_EQ((*cursor)->stored()->counts.offset(), 0u);
}

TEST_F(RewindTest, GoesToTheFirstRecordReceivedAtOrAfterATime) {
  Prepare(7);
  ASSERT_TRUE(Run(absl::InfinitePast()).ok());
  EXPECT_EQ(Stored().offset, 0u);
  ASSERT_TRUE(Run(absl::InfiniteFuture()).ok());
  EXPECT_EQ(Stored().offset, 9u);
}

TEST_F(RewindTest, RefusesRecordsThatAreNotKept) {
  Prepare(7);
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles().front())).ok());
  const absl::Status deleted = Run(Offset{2}).status();
  EXPECT_TRUE(absl::IsOutOfRange(deleted)) << deleted;
  EXPECT_EQ(deleted.message(), "record 2 is no longer kept: the oldest is 3");
  const absl::Status not_yet = Run(Offset{10}).status();
  EXPECT_TRUE(absl::IsOutOfRange(not_yet)) << not_yet;
  EXPECT_EQ(not_yet.message(),
            "there is no record 10 yet: the next one will be 9");
  EXPECT_EQ(Stored(), PlaceOf(7));

  ASSERT_TRUE(Run(Offset{3}).ok());
  const auto rewind = Run(Offset{9});
  ASSERT_TRUE(rewind.ok()) << rewind.status();
  EXPECT_EQ(rewind->oldest, 3u);
  EXPECT_EQ(Stored().offset, 9u) << "the head itself is allowed";
}

TEST_F(RewindTest, CountsWhatRetentionHadDeletedBeforeTheHandlerCameToIt) {
  Prepare(1);
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles().front())).ok());
  const auto rewind = Run(Offset{5});
  ASSERT_TRUE(rewind.ok()) << rewind.status();
  EXPECT_EQ(rewind->overtaken, 2u);
  EXPECT_EQ(
      Stored().counts,
      (HandlerCounts{.skipped = 2, .handled = 1, .retention_overtook = 2}));
}

// The slot of a killed process is older than its mark: the records between them
// are written, and are replayed like the others.
TEST_F(RewindTest, GoesFromWhereAKilledProcessWasSeenLast) {
  Open();
  AppendAll(Payloads('p', 9));
  {
    const auto cursor = journal_->OpenCursor("errors");
    ASSERT_TRUE((*cursor)->Store(PlaceOf(3)).ok());
    ASSERT_TRUE(
        (*cursor)->Mark(PlaceOf(5), PlaceOf(8), std::string(30, 't'), 50).ok());
  }
  Close();
  const auto rewind = Run(Offset{1});
  ASSERT_TRUE(rewind.ok()) << rewind.status();
  EXPECT_EQ(rewind->from, 5u);
  EXPECT_EQ(rewind->maybe_written, 8u);
  EXPECT_EQ(Stored().counts, (HandlerCounts{.replayed = 4, .handled = 5}));
}

TEST_F(RewindTest, RefusesWhileAServerHasTheFolder) {
  Prepare(7);
  Open();
  const absl::Status status = Run(Offset{2}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("stop it first"));
  EXPECT_EQ(Stored(), PlaceOf(7));
}

TEST_F(RewindTest, NamesTheHandlersThereAreWhenOneIsNot) {
  Open();
  AppendAll(Payloads('p', 3));
  StoreCursor("errors", 1);
  StoreCursor("all", 2);
  Close();
  const absl::Status status = Run(Offset{0}, "error").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_EQ(status.message(),
            "handler error has no place in the journal; those that have one: "
            "all, errors");
}

TEST_F(RewindTest, SaysSoWhenNoHandlerHasACursor) {
  Open();
  AppendAll(Payloads('p', 3));
  Close();
  const absl::Status status = Run(Offset{0}).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("no handler has one yet"));
}

TEST_F(RewindTest, MakesNoJournalWhereThereIsNone) {
  const absl::Status missing = Run(Offset{0}).status();
  EXPECT_TRUE(absl::IsNotFound(missing)) << missing;
  ASSERT_TRUE(files_.CreateFolder(options_.path).ok());
  EXPECT_TRUE(absl::IsNotFound(Run(Offset{0}).status()));
  EXPECT_THAT(files_.List(options_.path).value(), ::testing::IsEmpty());
}

TEST_F(RewindTest, ReportsACursorThatCannotBeStored) {
  Prepare(7);
  files_.Fail(FaultyFileSystem::Call::kWrite,
              absl::ResourceExhaustedError("disk full"));
  EXPECT_FALSE(Run(Offset{2}).ok());
  EXPECT_EQ(Stored(), PlaceOf(7));
}

}  // namespace
}  // namespace logboom
