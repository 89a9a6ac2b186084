#include "proto/wire/structure_check.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/record_view.h"
#include "proto/wire/record_writer.h"
#include "tests/proto/wire/canonical.h"
#include "tests/proto/wire/exact_copy.h"
#include "tests/proto/wire/lenient_parser.h"
#include "tests/proto/wire/random_record.h"

namespace logboom {
namespace {

using ::testing::AnyOf;
using testing::Canonical;
using testing::ExactCopy;
using ::testing::HasSubstr;
using testing::LenientParser;
using testing::RandomRecords;
using testing::Reread;

constexpr uint64_t kMax64 = std::numeric_limits<uint64_t>::max();

std::string Field(uint32_t field, absl::string_view bytes) {
  std::string out;
  MessageWriter(&out).Bytes(field, bytes);
  return out;
}

std::string BatchOf(absl::string_view record) {
  return Field(kBatchRecordsField, record);
}

// A value with `depth` values nested in one another, itself counted.
std::string NestedArrays(int depth) {
  std::string value;
  for (int i = 1; i < depth; ++i) value = Field(5, Field(1, value));
  return value;
}

std::string NestedMaps(int depth) {
  std::string value;
  for (int i = 1; i < depth; ++i) value = Field(6, Field(1, Field(2, value)));
  return value;
}

// Each record's `severity_number` and `time_unix_nano`; 0 leaves a field out.
std::string BatchOfFacts(
    std::initializer_list<std::pair<int32_t, uint64_t>> facts) {
  v1::LogBatch batch;
  for (const auto& [severity, time] : facts) {
    v1::LogRecord* record = batch.add_records();
    record->set_severity_number(static_cast<v1::SeverityNumber>(severity));
    record->set_time_unix_nano(time);
  }
  return batch.SerializeAsString();
}

BatchSummary Summary(absl::string_view batch) {
  const absl::StatusOr<BatchSummary> summary = CheckBatch(batch);
  EXPECT_TRUE(summary.ok()) << summary.status();
  return summary.value_or(BatchSummary());
}

std::string ErrorOf(absl::string_view batch) {
  const absl::Status status = CheckBatch(batch).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(CheckBatchTest, AnEmptyBatchIsWellFormed) {
  const BatchSummary summary = Summary("");
  EXPECT_EQ(summary.record_count, 0u);
  EXPECT_EQ(summary.sequence, 0u);
  EXPECT_EQ(summary.lost_records, 0u);
  EXPECT_EQ(summary.severities, 0u);
  EXPECT_EQ(summary.min_time_unix_nano, 0u);
  EXPECT_EQ(summary.max_time_unix_nano, 0u);
}

TEST(CheckBatchTest, RecordsAreCounted) {
  EXPECT_EQ(Summary(BatchOf("")).record_count, 1u);
  EXPECT_EQ(Summary(BatchOf("") + BatchOf("") + BatchOf("")).record_count, 3u);
}

TEST(CheckBatchTest, TheLastSequenceWins) {
  std::string batch;
  MessageWriter writer(&batch);
  writer.Varint(kBatchSequenceField, 7);
  EXPECT_EQ(Summary(batch).sequence, 7u);
  writer.Varint(kBatchSequenceField, kMax64);
  EXPECT_EQ(Summary(batch).sequence, kMax64);
}

TEST(CheckBatchTest, LossesAreAddedUp) {
  v1::LogBatch batch;
  batch.add_lost()->set_count(3);
  batch.add_lost();
  batch.add_lost()->set_count(4);
  EXPECT_EQ(Summary(batch.SerializeAsString()).lost_records, 7u);
}

TEST(CheckBatchTest, TheSumOfLossesStopsAtTheGreatestNumber) {
  v1::LogBatch batch;
  batch.add_lost()->set_count(kMax64 - 1);
  batch.add_lost()->set_count(1);
  EXPECT_EQ(Summary(batch.SerializeAsString()).lost_records, kMax64);
  batch.add_lost()->set_count(kMax64);
  EXPECT_EQ(Summary(batch.SerializeAsString()).lost_records, kMax64);
}

TEST(CheckBatchTest, SeveritiesAreABitEach) {
  for (int32_t severity = 0; severity <= 24; ++severity) {
    EXPECT_EQ(Summary(BatchOfFacts({{severity, 0}})).severities,
              1u << severity);
  }
  EXPECT_EQ(Summary(BatchOfFacts({{9, 0}, {24, 0}, {9, 0}})).severities,
            1u << 9 | 1u << 24);
}

TEST(CheckBatchTest, SeveritiesOutsideTheScaleCountAsUnspecified) {
  for (const int32_t severity :
       {-1, 25, 31, 32, 64, std::numeric_limits<int32_t>::max(),
        std::numeric_limits<int32_t>::min()}) {
    EXPECT_EQ(Summary(BatchOfFacts({{severity, 0}})).severities, 1u);
  }
}

TEST(CheckBatchTest, TimesSpanTheRecordsThatHaveOne) {
  const BatchSummary some =
      Summary(BatchOfFacts({{0, 0}, {0, 50}, {0, 20}, {0, kMax64}, {0, 0}}));
  EXPECT_EQ(some.min_time_unix_nano, 20u);
  EXPECT_EQ(some.max_time_unix_nano, kMax64);
  const BatchSummary none = Summary(BatchOfFacts({{0, 0}, {0, 0}}));
  EXPECT_EQ(none.min_time_unix_nano, 0u);
  EXPECT_EQ(none.max_time_unix_nano, 0u);
}

TEST(CheckBatchTest, UnknownFieldsAreAccepted) {
  std::string unknown;
  MessageWriter writer(&unknown);
  writer.Varint(99, 1);
  writer.Fixed32(100, 1);
  writer.Fixed64(101, 1);
  writer.Bytes(102, "\xFF not a message");
  const std::string value = unknown + Field(1, "text");
  const std::string pair = unknown + Field(1, "key") + Field(2, value);
  const std::string record = unknown + Field(5, value) + Field(6, pair);
  const std::string lost = Field(kBatchLostField, unknown);
  EXPECT_EQ(Summary(unknown + BatchOf(record) + lost).record_count, 1u);
}

TEST(CheckBatchTest, AKnownNumberOfAnotherWireTypeIsAnUnknownField) {
  std::string record;
  MessageWriter writer(&record);
  writer.Fixed32(1, 1);
  writer.Bytes(2, "\xFF");
  writer.Varint(5, 1);
  writer.Varint(6, 1);
  std::string batch = BatchOf(record);
  MessageWriter(&batch).Varint(kBatchRecordsField, 1);
  MessageWriter(&batch).Bytes(kBatchSequenceField, "\xFF");
  MessageWriter(&batch).Varint(kBatchLostField, 1);
  const BatchSummary summary = Summary(batch);
  EXPECT_EQ(summary.record_count, 1u);
  EXPECT_EQ(summary.sequence, 0u);
  EXPECT_EQ(summary.severities, 1u);
}

TEST(CheckBatchTest, TextsNeedNotBeUtf8) {
  std::string record;
  RecordWriter writer(&record);
  writer.BodyText("\xFF");
  writer.Attribute("\xC3", "\x80");
  EXPECT_EQ(Summary(BatchOf(record)).record_count, 1u);
}

TEST(CheckBatchTest, TheErrorNamesTheRecordAndTheByteOfTheBatch) {
  const std::string good = BatchOf(Field(15, "logger"));  // 10 bytes
  const std::string bad = BatchOf(Field(15, "a") + "\x7A\x05x");
  EXPECT_EQ(ErrorOf(good + good + bad),
            "record 2, byte 25: a length that passes the end");
  EXPECT_EQ(ErrorOf(bad), "record 0, byte 5: a length that passes the end");
}

TEST(CheckBatchTest, TheErrorNamesTheByteHoweverDeepItLies) {
  // 0A 0C | 2A 0A | 32 08 | 0A 06 | 12 04 | 2A 02 | 0A 05
  const std::string value = Field(5, "\x0A\x05");
  const std::string body = Field(6, Field(1, Field(2, value)));
  EXPECT_EQ(ErrorOf(BatchOf(Field(5, body))),
            "record 0, byte 12: a length that passes the end");
  EXPECT_EQ(ErrorOf(BatchOf(Field(6, Field(2, body)))),
            "record 0, byte 14: a length that passes the end");
}

TEST(CheckBatchTest, AMalformedFieldOfTheBatchItselfIsNamed) {
  EXPECT_EQ(ErrorOf(BatchOf("") + "\x10"),
            "batch, after 1 records, byte 2: cut inside a number");
  EXPECT_EQ(ErrorOf(Field(kBatchLostField, "\x0B")),
            "lost, byte 2: a group or an unknown wire type");
}

TEST(CheckBatchTest, DamageIsFoundInEveryNestedMessage) {
  const std::string bad = "\x0A\x7F";
  const std::string batches[] = {
      bad,
      BatchOf(bad),
      BatchOf(Field(5, bad)),
      BatchOf(Field(6, bad)),
      BatchOf(Field(6, Field(2, bad))),
      BatchOf(Field(5, Field(5, bad))),
      BatchOf(Field(5, Field(5, Field(1, bad)))),
      BatchOf(Field(5, Field(6, bad))),
      BatchOf(Field(5, Field(6, Field(1, bad)))),
      BatchOf(Field(5, Field(6, Field(1, Field(2, bad))))),
      Field(kBatchLostField, bad),
      // Fields that a later one replaces are checked all the same.
      BatchOf(Field(5, bad) + Field(5, "")),
      BatchOf(Field(5, Field(5, bad) + Field(1, "text"))),
      BatchOf(Field(6, Field(2, bad) + Field(2, ""))),
  };
  for (const std::string& batch : batches) {
    EXPECT_THAT(ErrorOf(batch), HasSubstr("a length that passes the end"));
  }
}

TEST(CheckBatchTest, ValuesNestToTheLimitAndNoDeeper) {
  for (const uint32_t field : {5u, 6u}) {
    const auto batch = [field](const std::string& value) {
      return BatchOf(Field(field, field == 6 ? Field(2, value) : value));
    };
    EXPECT_TRUE(CheckBatch(batch(NestedArrays(kMaxValueDepth))).ok());
    EXPECT_TRUE(CheckBatch(batch(NestedMaps(kMaxValueDepth))).ok());
    EXPECT_THAT(ErrorOf(batch(NestedArrays(kMaxValueDepth + 1))),
                HasSubstr("nested too deeply"));
    EXPECT_THAT(ErrorOf(batch(NestedMaps(kMaxValueDepth + 1))),
                HasSubstr("nested too deeply"));
  }
}

TEST(CheckBatchTest, NestingOfAnyDepthIsRefusedNotOverrun) {
  EXPECT_THAT(ErrorOf(BatchOf(Field(5, NestedArrays(10000)))),
              HasSubstr("nested too deeply"));
}

TEST(CheckRecordTest, ARecordIsCheckedAsInABatch) {
  EXPECT_TRUE(CheckRecord("").ok());
  EXPECT_TRUE(CheckRecord(Field(5, NestedArrays(kMaxValueDepth))).ok());
  EXPECT_FALSE(CheckRecord(Field(5, NestedArrays(kMaxValueDepth + 1))).ok());
  EXPECT_EQ(CheckRecord(Field(6, "\x12\x05")),
            absl::InvalidArgumentError(
                "record, byte 2: a length that passes the end"));
}

TEST(CheckResourceTest, AttributesAreCheckedAllTheWayDown) {
  v1::Resource resource;
  v1::KeyValue* pair = resource.add_attributes();
  pair->set_key("service.name");
  pair->mutable_value()->set_string_value("cart");
  EXPECT_TRUE(CheckResource(resource.SerializeAsString()).ok());
  EXPECT_TRUE(CheckResource("").ok());
  EXPECT_TRUE(
      CheckResource(Field(1, Field(2, NestedMaps(kMaxValueDepth)))).ok());
  EXPECT_FALSE(
      CheckResource(Field(1, Field(2, NestedMaps(kMaxValueDepth + 1)))).ok());
  EXPECT_EQ(CheckResource(Field(1, Field(2, "\x0A\x05"))),
            absl::InvalidArgumentError(
                "resource, byte 4: a length that passes the end"));
}

TEST(FindSequenceTest, DamageInsideARecordIsPassedOver) {
  std::string batch = BatchOf("\x7A\x7F");
  MessageWriter(&batch).Varint(kBatchSequenceField, 300);
  ASSERT_FALSE(CheckBatch(batch).ok());
  EXPECT_EQ(FindSequence(batch), 300u);
}

TEST(FindSequenceTest, ASequenceBeforeTheDamageIsFound) {
  std::string batch;
  MessageWriter(&batch).Varint(kBatchSequenceField, 300);
  EXPECT_EQ(FindSequence(batch + "\x0A\x7F"), 300u);
}

TEST(FindSequenceTest, WithoutASequenceItIsZero) {
  EXPECT_EQ(FindSequence(""), 0u);
  EXPECT_EQ(FindSequence(BatchOf("")), 0u);
  EXPECT_EQ(FindSequence("\xFF\xFF\xFF"), 0u);
}

// A cut batch must never yield another number: a record's severity_number has
// the very tag of a batch's sequence.
TEST(FindSequenceTest, ACutBatchYieldsItsSequenceOrZero) {
  v1::LogBatch message;
  message.add_records()->set_severity_number(v1::SEVERITY_NUMBER_INFO);
  message.add_records()->set_severity_number(v1::SEVERITY_NUMBER_WARN);
  message.set_sequence(1'000'000);
  message.add_lost()->set_count(5);
  const std::string batch = message.SerializeAsString();
  int found = 0;
  for (size_t size = 0; size <= batch.size(); ++size) {
    const ExactCopy cut(absl::string_view(batch).substr(0, size));
    const uint64_t sequence = FindSequence(cut.view());
    if (sequence != 0) {
      EXPECT_EQ(sequence, 1'000'000u) << size;
      ++found;
    }
  }
  EXPECT_EQ(found, 5) << "every cut behind it: 4 bytes of `lost`, and none";
}

TEST(AgreementTest, ABatchCutAnywhereIsAcceptedWhenProtobufAcceptsIt) {
  RandomRecords random(5);
  LenientParser protobuf;
  for (int i = 0; i < 40; ++i) {
    const std::string batch = random.Batch().SerializeAsString();
    for (size_t size = 0; size <= batch.size(); ++size) {
      const ExactCopy cut(absl::string_view(batch).substr(0, size));
      ASSERT_EQ(CheckBatch(cut.view()).ok(), protobuf.Accepts(cut.view()))
          << CheckBatch(cut.view()).status();
    }
  }
}

TEST(AgreementTest, DepthAsideNestedValuesAreAcceptedByBoth) {
  LenientParser protobuf;
  const std::string batch = BatchOf(Field(5, NestedMaps(kMaxValueDepth)));
  EXPECT_TRUE(CheckBatch(batch).ok());
  EXPECT_TRUE(protobuf.Accepts(batch));
  const std::string deeper = BatchOf(Field(5, NestedMaps(kMaxValueDepth + 1)));
  EXPECT_FALSE(CheckBatch(deeper).ok());
  EXPECT_TRUE(protobuf.Accepts(deeper)) << "the limit is ours";
}

// What RecordView reads of an accepted record is what protobuf reads, unless
// protobuf refuses a text for its UTF-8 or merges or drops a duplicate (then
// its encoding is shorter than what it was given).
void ExpectReadsInFull(absl::string_view record, int* compared) {
  const std::string reread = Reread(record);
  ASSERT_THAT(reread, ::testing::Not(HasSubstr("ERROR: "))) << "not read";
  const google::protobuf::LogSilencer no_line_for_each_bad_text;
  v1::LogRecord parsed;
  if (!parsed.ParseFromArray(record.data(), static_cast<int>(record.size()))) {
    return;
  }
  if (parsed.ByteSizeLong() != record.size()) return;
  ASSERT_EQ(reread, Canonical(parsed)) << parsed.DebugString();
  ++*compared;
}

// Goal: whatever is accepted reads in full, and nothing is refused that
// protobuf accepts but for the documented reasons. Method: good batches with
// a few bytes damaged.
TEST(AgreementTest, DamagedBatchesAreJudgedAsProtobufJudgesThem) {
  RandomRecords random(7);
  LenientParser protobuf;
  int accepted = 0;
  int stricter = 0;
  int compared = 0;
  for (int i = 0; i < 20000; ++i) {
    const ExactCopy batch(random.Damaged(random.Batch().SerializeAsString()));
    const absl::StatusOr<BatchSummary> summary = CheckBatch(batch.view());
    if (!summary.ok()) {
      if (!protobuf.Accepts(batch.view())) continue;
      ++stricter;
      EXPECT_THAT(summary.status().message(),
                  AnyOf(HasSubstr("a group"), HasSubstr("over 2^29-1")));
      continue;
    }
    ++accepted;
    ASSERT_TRUE(protobuf.Accepts(batch.view())) << "case " << i;
    EXPECT_EQ(FindSequence(batch.view()), summary->sequence);
    uint32_t records = 0;
    for (BatchView walk(batch.view()); walk.Next(); ++records) {
      ASSERT_NO_FATAL_FAILURE(ExpectReadsInFull(walk.record(), &compared));
    }
    EXPECT_EQ(records, summary->record_count);
  }
  EXPECT_GT(accepted, 2000) << "the damage must leave something to read";
  EXPECT_GT(compared, 2000);
  EXPECT_GT(stricter, 0) << "groups must have been met";
}

TEST(AgreementTest, RandomBatchesGiveTheSummaryOfTheirFields) {
  RandomRecords random(11);
  for (int i = 0; i < 1000; ++i) {
    const v1::LogBatch batch = random.Batch();
    const BatchSummary summary = Summary(batch.SerializeAsString());
    EXPECT_EQ(summary.record_count,
              static_cast<uint32_t>(batch.records_size()));
    EXPECT_EQ(summary.sequence, batch.sequence());
    uint64_t least = kMax64;
    uint64_t greatest = 0;
    for (const v1::LogRecord& record : batch.records()) {
      if (record.time_unix_nano() == 0) continue;
      least = std::min<uint64_t>(least, record.time_unix_nano());
      greatest = std::max<uint64_t>(greatest, record.time_unix_nano());
    }
    EXPECT_EQ(summary.min_time_unix_nano, greatest == 0 ? 0 : least);
    EXPECT_EQ(summary.max_time_unix_nano, greatest);
  }
}

}  // namespace
}  // namespace logboom
