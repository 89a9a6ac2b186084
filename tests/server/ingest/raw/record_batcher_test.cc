#include "server/ingest/raw/record_batcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"
#include "tests/server/ingest/raw/raw_port_fakes.h"

namespace logboom {
namespace {

using ::logboom::testing::Batch;
using ::logboom::testing::RawPortJournal;
using ::logboom::testing::Record;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RecordBatcherTest : public ::testing::Test {
 protected:
  RecordBatcherTest() { journal_.Hold(); }
  ~RecordBatcherTest() override { journal_.Stop(); }

  void Add(absl::string_view records) {
    batcher_.AddRecords(records, *CheckBatch(records));
  }
  // A record of a producer that says it has lost so many others.
  void AddLosing(uint64_t count) {
    const std::string records = Batch({Record("one")});
    BatchSummary summary = *CheckBatch(records);
    summary.lost_records = count;
    batcher_.AddRecords(records, summary);
  }

  RawPortJournal journal_;
  Ingest ingest_{IngestOptions{.batch_bytes = 1000}, &journal_};
  std::shared_ptr<ByteBudget> budget_ = std::make_shared<ByteBudget>(10'000);
  RecordBatcher batcher_{&ingest_, budget_};
};

TEST_F(RecordBatcherTest, AppendsWhatWasAddedAsOneAnonymousEntry) {
  std::string timed = Record("two");
  RecordWriter(&timed).Time(70);
  RecordWriter(&timed).SeverityNumber(9);
  std::string later;
  RecordWriter(&later).Time(90);
  Add(Batch({Record("one")}));
  Add(Batch({timed, later}));
  EXPECT_THAT(journal_.entries(), IsEmpty());
  batcher_.Flush();
  const std::vector<PendingEntry> entries = journal_.entries();
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(std::string(entries[0].payload),
            Batch({Record("one"), timed, later}));
  EXPECT_TRUE(entries[0].anonymous);
  EXPECT_EQ(entries[0].record_count, 3);
  EXPECT_EQ(entries[0].severities, 1 << 9 | 1);
  EXPECT_EQ(entries[0].min_time_unix_nano, 70);
  EXPECT_EQ(entries[0].max_time_unix_nano, 90);
}

TEST_F(RecordBatcherTest, AppendsNothingWhenThereIsNothing) {
  batcher_.Flush();
  Add(Batch({Record("one")}));
  batcher_.Flush();
  batcher_.Flush();
  EXPECT_THAT(journal_.entries(), SizeIs(1));
}

TEST_F(RecordBatcherTest, BoundsTheBatch) {
  const std::string piece = Batch({Record(std::string(300, 'p'))});
  for (int i = 0; i < 7; ++i) Add(piece);
  Add(Batch({Record(std::string(5000, 'l'))}));
  Add(piece);
  batcher_.Flush();
  std::vector<uint32_t> counts;
  for (const PendingEntry& entry : journal_.entries()) {
    EXPECT_LE(entry.payload.size(), entry.record_count == 1 ? 5100 : 1000);
    counts.push_back(entry.record_count);
  }
  EXPECT_THAT(counts, ElementsAre(3, 3, 1, 1, 1));
}

// Buffers go from batch to batch: none is written over while it is read.
TEST_F(RecordBatcherTest, EveryBatchKeepsItsOwnBytes) {
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    const std::string body(i % 3 == 0 ? 30 : 700, static_cast<char>('A' + i));
    expected.push_back(Batch({Record(body)}));
    Add(expected.back());
    batcher_.Flush();
  }
  std::vector<std::string> got;
  for (const PendingEntry& entry : journal_.entries()) {
    got.emplace_back(entry.payload);
  }
  EXPECT_EQ(got, expected);
}

TEST_F(RecordBatcherTest, HoldsItsBytesUntilTheyAreDurable) {
  const std::string records = Batch({Record("one")});
  Add(records);
  EXPECT_EQ(budget_->held(), records.size());
  batcher_.Flush();
  EXPECT_EQ(budget_->held(), records.size());
  journal_.Release();
  EXPECT_EQ(budget_->held(), 0);
}

// Its senders cannot send again.
TEST_F(RecordBatcherTest, AsksTheJournalToKeepItWhileTheDiskFails) {
  Add(Batch({Record("one")}));
  batcher_.Flush();
  EXPECT_TRUE(journal_.entries()[0].keep_on_failure);
}

TEST_F(RecordBatcherTest, CountsWhatProducersLostWithTheirRecords) {
  AddLosing(3);
  AddLosing(4);
  batcher_.Flush();
  EXPECT_EQ(journal_.ledger().totals().ToString(), "none");
  journal_.Release();
  EXPECT_EQ(journal_.ledger().totals().ToString(), "lost_by_producer 7");
}

// A peer says how many it lost: no claim may turn the count back.
TEST_F(RecordBatcherTest, NeverLowersTheCountForAnAbsurdClaim) {
  journal_.Release();
  int64_t before = 0;
  for (int i = 0; i < 100; ++i) {
    // Several in one batch: nor may their sum wrap.
    for (int frame = 0; frame < 10; ++frame) AddLosing(~uint64_t{0});
    batcher_.Flush();
    EXPECT_GT(journal_.ledger().count(LossReason::kLostByProducer), before);
    before = journal_.ledger().count(LossReason::kLostByProducer);
  }
}

TEST_F(RecordBatcherTest, CountsRecordsTheJournalCouldNotStore) {
  Add(Batch({Record("one")}));
  AddLosing(5);
  batcher_.Flush();
  journal_.Release(absl::UnavailableError("disk full"));
  EXPECT_EQ(budget_->held(), 0);
  EXPECT_EQ(journal_.ledger().totals().ToString(),
            "lost_by_producer 5, not_stored 2");
}

}  // namespace
}  // namespace logboom
