// Goal: every record is in just one batch, in order, or counted as lost, and no
// batch is larger than its receiver takes.
#include "client/batcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kSlackBytes = 256;  // for losses and the sequence

// A record of this name, encoded in `size` bytes as an element of a batch
// (size of less than 128 bytes or some more than 130).
std::string NewRecord(absl::string_view name, size_t size = 50) {
  std::string encoded;
  MessageWriter batch(&encoded);
  const OpenField record = batch.Begin(kBatchRecordsField);
  RecordWriter(&encoded).Logger(name);
  const size_t head = size < 130 ? 2 : 3;
  const size_t before = encoded.size() - record.body_begin;
  // An event_name fills the rest.
  const size_t rest = size - head - before;
  RecordWriter(&encoded).EventName(
      std::string(rest < 130 ? rest - 2 : rest - 3, 'e'));
  batch.End(record);
  EXPECT_EQ(encoded.size(), size);
  return encoded;
}

class BatcherTest : public ::testing::Test {
 protected:
  // Adds one chunk.
  void Add(const std::vector<std::string>& records) {
    size_t size = 0;
    for (const std::string& record : records) size += record.size();
    int64_t returns;
    RecordChunk chunk = pool_->Take(size, &returns);
    ASSERT_TRUE(chunk.exists());
    for (const std::string& record : records) {
      record.copy(chunk.AddRecord(record.size()), record.size());
    }
    std::vector<RecordChunk> chunks;
    chunks.push_back(std::move(chunk));
    batcher_.Add(std::move(chunks));
  }

  v1::LogBatch Parse(const Batch& batch) {
    v1::LogBatch parsed;
    EXPECT_TRUE(parsed.ParseFromString(std::string(batch.payload)));
    EXPECT_EQ(parsed.records_size(), batch.records);
    return parsed;
  }

  // The names of the next batch's records, and its losses; nothing: none.
  std::vector<std::string> Close(int64_t most_records, int64_t most_bytes) {
    const std::optional<Batch> batch = batcher_.Close(
        {.records = most_records, .bytes = most_bytes}, ++sequence_);
    if (!batch.has_value()) return {};
    EXPECT_EQ(batch->sequence, sequence_);
    EXPECT_LE(batch->records, most_records);
    EXPECT_LE(static_cast<int64_t>(batch->payload.size()), most_bytes);
    std::vector<std::string> names;
    const v1::LogBatch parsed = Parse(*batch);
    for (const v1::LogRecord& record : parsed.records()) {
      names.push_back(record.logger());
    }
    for (const v1::Lost& lost : parsed.lost()) {
      names.push_back(absl::StrCat(lost.reason(), " ", lost.count()));
    }
    return names;
  }

  const std::shared_ptr<ChunkPool> pool_ =
      std::make_shared<ChunkPool>(1 << 20, 1000);
  LossCounts losses_;
  Batcher batcher_{&losses_};
  uint64_t sequence_ = 0;
};

TEST_F(BatcherTest, NothingIsNoBatch) {
  EXPECT_EQ(batcher_.Close({}, 1), std::nullopt);
  batcher_.Add({});
  EXPECT_EQ(batcher_.Close({}, 1), std::nullopt);
}

TEST_F(BatcherTest, ChunksAreJoined) {
  Add({NewRecord("a"), NewRecord("b")});
  Add({NewRecord("c")});
  EXPECT_EQ(batcher_.records(), 3);
  EXPECT_EQ(batcher_.bytes(), 150);
  EXPECT_EQ(batcher_.added(), 3);
  EXPECT_EQ(batcher_.passed(), 0);
  EXPECT_THAT(Close(10, 10000), ElementsAre("a", "b", "c"));
  EXPECT_EQ(batcher_.records(), 0);
  EXPECT_EQ(batcher_.bytes(), 0);
  EXPECT_EQ(batcher_.added(), 3);
  EXPECT_EQ(batcher_.passed(), 3);
  EXPECT_THAT(Close(10, 10000), IsEmpty());
}

TEST_F(BatcherTest, TheLimitOfRecordsCutsChunks) {
  Add({NewRecord("a"), NewRecord("b"), NewRecord("c")});
  Add({NewRecord("d")});
  Add({NewRecord("e"), NewRecord("f")});
  EXPECT_THAT(Close(2, 10000), ElementsAre("a", "b"));
  EXPECT_EQ(batcher_.records(), 4);
  EXPECT_EQ(batcher_.bytes(), 200);
  EXPECT_EQ(batcher_.passed(), 2);
  EXPECT_THAT(Close(3, 10000), ElementsAre("c", "d", "e"));
  EXPECT_THAT(Close(3, 10000), ElementsAre("f"));
}

TEST_F(BatcherTest, TheLimitOfBytesIsKeptToTheByte) {
  Add({NewRecord("a"), NewRecord("b"), NewRecord("c"), NewRecord("d")});
  Add({NewRecord("e")});
  EXPECT_THAT(Close(10, kSlackBytes + 99), ElementsAre("a"));
  EXPECT_THAT(Close(10, kSlackBytes + 100), ElementsAre("b", "c"));
  EXPECT_THAT(Close(10, kSlackBytes + 100), ElementsAre("d", "e"));
}

TEST_F(BatcherTest, ALossTakesNothingFromTheRecords) {
  losses_.Count(ProducerLoss::kBufferFull, 7);
  Add({NewRecord("a")});
  EXPECT_THAT(Close(1, kSlackBytes + 50), ElementsAre("a", "buffer_full 7"));
  EXPECT_FALSE(losses_.has_unreported());
  EXPECT_THAT(Close(1, kSlackBytes + 50), IsEmpty()) << "reported once";
}

TEST_F(BatcherTest, AllLossesAtOnceFitIntoTheSlack) {
  for (int i = 0; i < kProducerLossCount; ++i) {
    losses_.Count(static_cast<ProducerLoss>(i), INT64_MAX);
  }
  Add({NewRecord("a", 1000)});
  const auto batch =
      batcher_.Close({.records = 1, .bytes = kSlackBytes + 1000}, 1);
  ASSERT_TRUE(batch.has_value());
  std::string sequence;
  MessageWriter(&sequence).Varint(kBatchSequenceField, UINT64_MAX);
  EXPECT_LE(batch->payload.size() + sequence.size(), kSlackBytes + 1000u);
  EXPECT_EQ(Parse(*batch).lost_size(), kProducerLossCount);
}

TEST_F(BatcherTest, LossesAloneAreABatchWithoutRecords) {
  losses_.Count(ProducerLoss::kForked, 2);
  const auto batch = batcher_.Close({}, 5);
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->sequence, 5u);
  EXPECT_EQ(batch->records, 0);
  EXPECT_EQ(batch->memory_bytes, 0);
  EXPECT_EQ(batch->lost.counts[static_cast<size_t>(ProducerLoss::kForked)], 2);
  EXPECT_EQ(Parse(*batch).lost_size(), 1);
  EXPECT_EQ(batcher_.Close({}, 6), std::nullopt);
}

TEST_F(BatcherTest, ARecordJustAsLargeAsABatchIsSent) {
  Add({NewRecord("a", 600)});
  EXPECT_THAT(Close(10, kSlackBytes + 600), ElementsAre("a"));
  EXPECT_EQ(batcher_.dropped(), 0);
}

TEST_F(BatcherTest, ATooLargeRecordIsDroppedAndCountedWhereverItStands) {
  Add({NewRecord("A", 601), NewRecord("b"), NewRecord("C", 700),
       NewRecord("D", 601), NewRecord("e"), NewRecord("F", 601)});
  constexpr int64_t kLimit = kSlackBytes + 600;
  EXPECT_THAT(Close(10, kLimit), ElementsAre("b", "encode_failed 1"));
  EXPECT_EQ(batcher_.passed(), 2);
  EXPECT_THAT(Close(10, kLimit), ElementsAre("e", "encode_failed 2"));
  EXPECT_THAT(Close(10, kLimit), ElementsAre("encode_failed 1"));
  EXPECT_THAT(Close(10, kLimit), IsEmpty());
  EXPECT_EQ(batcher_.dropped(), 4);
  EXPECT_EQ(batcher_.passed(), 6);
  EXPECT_EQ(batcher_.records(), 0);
  EXPECT_EQ(batcher_.bytes(), 0);
  EXPECT_EQ(losses_.total(ProducerLoss::kEncodeFailed), 4);
}

TEST_F(BatcherTest, OnlyTheReceiverSaysHowLargeARecordMayBe) {
  Add({NewRecord("a", 700)});
  EXPECT_EQ(batcher_.records(), 1);
  EXPECT_THAT(Close(10, kSlackBytes + 700), ElementsAre("a"));
}

TEST_F(BatcherTest, MemoryIsGivenBackWithTheLastBatchOfAChunk) {
  Add({NewRecord("a"), NewRecord("b")});
  Add({NewRecord("c", 2000)});
  EXPECT_EQ(pool_->used_bytes(), 3000);
  auto first = batcher_.Close({.records = 1}, 1);
  auto second = batcher_.Close({.records = 2}, 2);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->memory_bytes, 1000);
  EXPECT_EQ(second->memory_bytes, 3000);
  first.reset();
  EXPECT_EQ(pool_->used_bytes(), 3000);
  second.reset();
  EXPECT_EQ(pool_->used_bytes(), 0);
}

TEST_F(BatcherTest, RandomChunksAndLimits) {
  std::mt19937 random(1);
  constexpr size_t kMostBytes = 400;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> expected;
    int64_t too_large = 0;
    for (uint32_t chunk = 0; chunk < random() % 6; ++chunk) {
      std::vector<std::string> records(1 + random() % 8);
      for (std::string& record : records) {
        const std::string name = absl::StrCat(random() % 100000);
        const size_t size =
            random() % 10 == 0 ? 401 + random() % 50 : 40 + random() % 80;
        record = NewRecord(name, size);
        size > kMostBytes ? void(++too_large) : expected.push_back(name);
      }
      Add(records);
    }
    const int64_t dropped = batcher_.dropped();
    std::vector<std::string> names;
    while (batcher_.records() > 0) {
      for (std::string& name :
           Close(1 + random() % 9, kSlackBytes + kMostBytes)) {
        if (name.find(' ') == name.npos) names.push_back(std::move(name));
      }
    }
    ASSERT_EQ(names, expected) << "round " << round;
    ASSERT_EQ(batcher_.dropped() - dropped, too_large);
    ASSERT_EQ(batcher_.bytes(), 0);
    ASSERT_EQ(batcher_.added(), batcher_.passed());
  }
  EXPECT_EQ(pool_->used_bytes(), 0);
}

}  // namespace
}  // namespace logboom
