#include "server/journal/journal_stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "server/journal/loss_ledger.h"
#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LedgerCounts Counts(
    std::initializer_list<std::pair<const char*, uint64_t>> of) {
  LedgerCounts counts;
  for (const auto& [reason, count] : of) counts.Add(reason, count);
  return counts;
}

TEST(IngestBalanceTest, EveryReasonIsOnOneSide) {
  LedgerCounts ledger;
  for (int i = 0; i < kLossReasonCount; ++i) {
    ledger.Add(LossReasonName(static_cast<LossReason>(i)), uint64_t{1} << i);
  }
  const IngestBalance balance = BalanceOf(1000, ledger);
  EXPECT_EQ(balance.stored, 1000u);
  EXPECT_EQ(balance.rejected.ToString(),
            "batch_rejected 32, record_rejected 64");
  EXPECT_EQ(balance.lost.ToString(),
            "frame_cut 4, frame_not_decodable 1, frame_too_large 2, "
            "not_stored 16, tcp_buffer_full 8");
  EXPECT_EQ(balance.before.ToString(),
            "lost_by_producer 256, lost_by_producer.buffer_full 512, "
            "lost_by_producer.encode_failed 2048, "
            "lost_by_producer.forked 8192, lost_by_producer.shut_down 4096, "
            "lost_by_producer.spool_full 1024, sequence_gap 128");
  EXPECT_EQ(balance.received(), 1000u + 32 + 64 + 31)
      << "what never came was not received";
}

TEST(IngestBalanceTest, AReasonOfALaterVersionIsALoss) {
  EXPECT_EQ(BalanceOf(5, Counts({{"eaten", 2}})).received(), 7u);
}

TEST(HandlerBalanceTest, CloseWhenTheCountsAreRight) {
  const HandlerBalance balance =
      BalanceOf("h",
                {.offset = 20,
                 .counts = {.skipped = 3,
                            .replayed = 5,
                            .handled = 10,
                            .filtered = 6,
                            .journal_damaged = 2,
                            .retention_overtook = 4}},
                /*oldest=*/7, /*head=*/30);
  EXPECT_EQ(balance.pending, 10u);
  EXPECT_EQ(balance.overtaken, 0u);
  EXPECT_EQ(balance.lost().ToString(),
            "journal_damaged 2, retention_overtook 4");
  EXPECT_EQ(balance.difference(), 0);
}

TEST(HandlerBalanceTest, WhatRetentionDeletedAheadOfTheCursorIsLostAlready) {
  const HandlerBalance balance = BalanceOf(
      "h", {.offset = 4, .counts = {.handled = 3, .retention_overtook = 1}},
      /*oldest=*/9, /*head=*/12);
  EXPECT_EQ(balance.overtaken, 5u);
  EXPECT_EQ(balance.lost().ToString(), "retention_overtook 6");
  EXPECT_EQ(balance.pending, 3u);
  EXPECT_EQ(balance.difference(), 0);
}

TEST(HandlerBalanceTest, SaysByHowMuchItDoesNotClose) {
  EXPECT_EQ(BalanceOf("h", {.offset = 4, .counts = {.handled = 3}}, 0, 9)
                .difference(),
            1);
  EXPECT_EQ(BalanceOf("h", {.offset = 4, .counts = {.handled = 6}}, 0, 9)
                .difference(),
            -2);
}

class JournalStatsTest : public JournalFixture {
 protected:
  JournalStatsTest() { options_.segment_bytes = kSmallSegment; }

  JournalStats Read() {
    auto stats = ReadJournalStats(&files_, options_.path);
    EXPECT_TRUE(stats.ok()) << stats.status();
    return stats.ok() ? *std::move(stats) : JournalStats();
  }

  void StoreCursor(const std::string& name, Offset offset) {
    const auto cursor = journal_->OpenCursor(name);
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    ASSERT_TRUE((*cursor)
                    ->Store({.offset = offset, .counts = {.filtered = offset}})
                    .ok());
  }
};

TEST_F(JournalStatsTest, SayWhatTheFolderHolds) {
  Open();
  AppendAll(Payloads('p', 7));
  StoreCursor("slow", 2);
  StoreCursor("fast", 7);
  const JournalStats stats = Read();
  EXPECT_NE(stats.journal_id, JournalId{});
  EXPECT_EQ(stats.segments, 3u);
  EXPECT_EQ(stats.bytes, 3 * kSmallSegment);
  EXPECT_EQ(stats.oldest, 0u);
  EXPECT_EQ(stats.head, 7u);
  EXPECT_EQ(stats.ingest.received(), 7u);
  ASSERT_EQ(stats.handlers.size(), 2u);
  EXPECT_EQ(stats.handlers[0].name, "fast");
  EXPECT_EQ(stats.handlers[0].pending, 0u);
  EXPECT_EQ(stats.handlers[1].name, "slow");
  EXPECT_EQ(stats.handlers[1].pending, 5u);
  EXPECT_EQ(stats.handlers[1].difference(), 0);
  EXPECT_THAT(stats.foreign_cursors, IsEmpty());
}

TEST_F(JournalStatsTest, HaveTheLedgersTotalsAndTheProducers) {
  Open();
  PendingEntry entry = EntryOf("batch");
  entry.anonymous = false;
  entry.producer_id = {7};
  entry.sequence = 1;
  entry.received = absl::Now();
  entry.ledger = absl::Cord(
      Counts({{"lost_by_producer", 4}, {"sequence_gap", 2}}).Encode());
  Answer answer;
  journal_->Append(entry, AckDepth::kSynced, answer.Expect());
  ASSERT_TRUE(answer.Wait().ok());
  journal_->ledger().Count(LossReason::kFrameCut, 3);
  Open();  // a stop writes what the ledger counted
  const JournalStats stats = Read();
  EXPECT_EQ(stats.producers, 1u);
  EXPECT_EQ(stats.ingest.lost.ToString(), "frame_cut 3");
  EXPECT_EQ(stats.ingest.before.ToString(),
            "lost_by_producer 4, sequence_gap 2");
  EXPECT_EQ(stats.ingest.received(), 4u);
}

TEST_F(JournalStatsTest, CountWhatRetentionDeletedForWhoHadNotComeToIt) {
  Open();
  AppendAll(Payloads('p', 7));
  StoreCursor("slow", 2);
  Close();
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles().front())).ok());
  const JournalStats stats = Read();
  EXPECT_EQ(stats.segments, 2u);
  EXPECT_EQ(stats.oldest, 3u);
  ASSERT_EQ(stats.handlers.size(), 1u);
  EXPECT_EQ(stats.handlers[0].overtaken, 1u);
  EXPECT_EQ(stats.handlers[0].pending, 4u);
  EXPECT_EQ(stats.handlers[0].difference(), 0);
}

TEST_F(JournalStatsTest, ACursorOfAnotherJournalIsNamedAndNotCounted) {
  const std::string mine = options_.path;
  options_.path = folder_.PathOf("other");
  Open();
  AppendAll(Payloads('r', 1));
  StoreCursor("foreign", 1);
  const std::string foreign = PathOf("cursors/foreign.cursor");
  options_.path = mine;
  Open();
  AppendAll(Payloads('q', 1));
  StoreCursor("mine", 1);
  std::filesystem::copy(foreign, PathOf("cursors/foreign.cursor"));
  const JournalStats stats = Read();
  EXPECT_THAT(stats.foreign_cursors, ElementsAre("foreign"));
  ASSERT_EQ(stats.handlers.size(), 1u);
  EXPECT_EQ(stats.handlers[0].name, "mine");
}

TEST_F(JournalStatsTest, AJournalThatHasStoredNothingYetIsEmpty) {
  Open();
  const JournalStats stats = Read();
  EXPECT_EQ(stats.journal_id, JournalId{});
  EXPECT_EQ(stats.segments, 0u);
  EXPECT_EQ(stats.head, 0u);
  EXPECT_EQ(stats.ingest.received(), 0u);
}

TEST_F(JournalStatsTest, AFolderThatIsNoJournalHasNone) {
  EXPECT_TRUE(
      absl::IsNotFound(ReadJournalStats(&files_, options_.path).status()));
  ASSERT_TRUE(files_.CreateFolder(options_.path).ok());
  EXPECT_TRUE(
      absl::IsNotFound(ReadJournalStats(&files_, options_.path).status()));
}

}  // namespace
}  // namespace logboom
