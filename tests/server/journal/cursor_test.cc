#include "server/journal/cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/journal/cursor_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A text none of whose parts equal each other.
std::string TextOf(size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) absl::StrAppend(&text, i, " ");
  text.resize(size);
  return text;
}

std::vector<int64_t> EndsOf(size_t size, int64_t begin, int64_t written) {
  std::vector<int64_t> ends;
  for (const auto& piece : PiecesOf(TextOf(size), begin, written)) {
    ends.push_back(piece.end);
  }
  return ends;
}

TEST(HandlerCountsTest, ReadsBackWhatItGivesTheLedger) {
  const HandlerCounts counts = PositionAt(1000).counts;
  EXPECT_EQ(HandlerCounts::FromLedger(counts.ToLedger()), counts);
  EXPECT_EQ(HandlerCounts::FromLedger(HandlerCounts().ToLedger()),
            HandlerCounts());
}

// The names are on disk (proto/FORMAT.md, section 4).
TEST(HandlerCountsTest, HasTheNamesOfTheFormat) {
  const HandlerCounts counts = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(counts.ToLedger().ToString(),
            "filtered 4, handled 3, journal_damaged 5, replayed 2, "
            "retention_overtook 6, skipped 1");
  EXPECT_EQ(HandlerCounts{.handled = 3}.ToLedger().ToString(), "handled 3");
}

TEST(HandlerCountsTest, LeavesOutCountsThatOtherVersionsKeep) {
  LedgerCounts ledger = HandlerCounts{.handled = 3}.ToLedger();
  ledger.Add("sampled_out", 8);
  EXPECT_EQ(HandlerCounts::FromLedger(ledger), HandlerCounts{.handled = 3});
}

TEST(HandlerCountsTest, GivesTheOffsetThatItsCountsMake) {
  EXPECT_EQ(PositionAt(1000).counts.offset(), 1000u);
}

TEST(PiecesOfTest, ATextWithinAPageIsOnePiece) {
  EXPECT_THAT(EndsOf(1, 0, 0), ElementsAre(1));
  EXPECT_THAT(EndsOf(100, 4096, 0), ElementsAre(4196));
  EXPECT_THAT(EndsOf(95, 4000, 0), ElementsAre(4095));
}

TEST(PiecesOfTest, ATextUpToAPagesEndHasNoEmptyPieceBehindIt) {
  EXPECT_THAT(EndsOf(96, 4000, 0), ElementsAre(4096));
  EXPECT_THAT(EndsOf(4096, 0, 0), ElementsAre(4096));
  EXPECT_THAT(EndsOf(4096, 4096, 0), ElementsAre(8192));
  EXPECT_THAT(PiecesOf("", 4000, 0), IsEmpty());
  EXPECT_THAT(PiecesOf("", 4096, 4096), IsEmpty());
}

TEST(PiecesOfTest, APieceEndsAtEachPageAndWithTheText) {
  EXPECT_THAT(EndsOf(97, 4000, 0), ElementsAre(4096, 4097));
  EXPECT_THAT(EndsOf(4097, 4095, 0), ElementsAre(4096, 8192));
  EXPECT_THAT(EndsOf(9000, 4000, 0), ElementsAre(4096, 8192, 12288, 13000));
}

// The output may end inside a page when an earlier write was cut short.
TEST(PiecesOfTest, APieceEndsWhereTheOutputEndsInsideTheText) {
  EXPECT_THAT(EndsOf(97, 4000, 4050), ElementsAre(4050, 4096, 4097));
  EXPECT_THAT(EndsOf(9000, 4000, 8193),
              ElementsAre(4096, 8192, 8193, 12288, 13000));
}

TEST(PiecesOfTest, AnOutputThatEndsElsewhereAddsNoPiece) {
  EXPECT_THAT(EndsOf(97, 4000, 3999), ElementsAre(4096, 4097));
  EXPECT_THAT(EndsOf(97, 4000, 4000), ElementsAre(4096, 4097));
  EXPECT_THAT(EndsOf(97, 4000, 4096), ElementsAre(4096, 4097));
  EXPECT_THAT(EndsOf(97, 4000, 4097), ElementsAre(4096, 4097));
  EXPECT_THAT(EndsOf(97, 4000, 5000), ElementsAre(4096, 4097));
}

TEST(PiecesOfTest, EachPieceHasTheChecksumOfItsOwnBytes) {
  const std::string text = TextOf(9000);
  int64_t at = 4000;
  for (const auto& piece : PiecesOf(text, 4000, 5000)) {
    const std::string bytes = text.substr(static_cast<size_t>(at - 4000),
                                          static_cast<size_t>(piece.end - at));
    EXPECT_EQ(piece.checksum, XXH3_64bits(bytes.data(), bytes.size())) << at;
    at = piece.end;
  }
  EXPECT_EQ(at, 13000);
}

}  // namespace
}  // namespace logboom
