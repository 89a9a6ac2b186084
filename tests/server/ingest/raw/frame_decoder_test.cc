#include "server/ingest/raw/frame_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/record_view.h"
#include "proto/wire/record_writer.h"
#include "server/ingest/pickle/python_record.h"
#include "tests/server/ingest/raw/raw_port_fakes.h"

namespace logboom {
namespace {

using ::logboom::testing::Batch;
using ::logboom::testing::Bodies;
using ::logboom::testing::FakeUnpickle;
using ::logboom::testing::Record;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Collector : public RecordSink {
 public:
  void AddRecords(absl::string_view records,
                  const BatchSummary& summary) override {
    pieces.emplace_back(records);
    summaries.push_back(summary);
  }

  std::vector<std::string> pieces;
  std::vector<BatchSummary> summaries;
};

class FrameDecoderTest : public ::testing::Test {
 protected:
  absl::Status Decode(absl::string_view payload) {
    return DecodeWith({}, payload);
  }
  absl::Status DecodeWith(FrameDecoderOptions options,
                          absl::string_view payload) {
    return FrameDecoder(std::move(options), FakeUnpickle)
        .Decode(payload, &got_);
  }
  // The only piece.
  std::string Piece() {
    EXPECT_THAT(got_.pieces, SizeIs(1));
    return got_.pieces.empty() ? "" : got_.pieces.front();
  }

  Collector got_;
};

// The table of proto/FORMAT.md section 5, over every first byte and, for 0x80,
// every second.
TEST(KindOfPayloadTest, KnowsEveryFirstByte) {
  const std::set<int> pickles = {0x7D, 0x28, 0x63};
  const std::set<int> records = {0x09, 0x10, 0x1A, 0x2A, 0x32, 0x38, 0x45,
                                 0x4A, 0x52, 0x59, 0x62, 0x70, 0x7A};
  for (int byte = 0; byte < 256; ++byte) {
    SCOPED_TRACE(absl::StrCat("first byte ", byte));
    const PayloadKind expected = pickles.contains(byte)   ? PayloadKind::kPickle
                                 : records.contains(byte) ? PayloadKind::kRecord
                                 : byte == 0x0A           ? PayloadKind::kBatch
                                                : PayloadKind::kUnknown;
    const std::string one(1, static_cast<char>(byte));
    EXPECT_EQ(KindOfPayload(one), expected);
    EXPECT_EQ(KindOfPayload(one + "\x01"), expected);
    const std::string protocol = std::string("\x80") + one;
    EXPECT_EQ(KindOfPayload(protocol), byte >= 2 && byte <= 5
                                           ? PayloadKind::kPickle
                                           : PayloadKind::kUnknown);
  }
  EXPECT_EQ(KindOfPayload(""), PayloadKind::kUnknown);
}

// Goal: a field added to the schema is known here as well. Method: the tags of
// every field that the generated class has.
TEST(KindOfPayloadTest, KnowsTheTagsOfAllFieldsOfTheRecord) {
  v1::LogRecord record;
  record.set_time_unix_nano(1);
  record.set_severity_number(v1::SEVERITY_NUMBER_INFO);
  record.set_severity_text("x");
  record.mutable_body()->set_string_value("x");
  record.add_attributes()->set_key("x");
  record.set_dropped_attributes_count(1);
  record.set_flags(1);
  record.set_trace_id("x");
  record.set_span_id("x");
  record.set_observed_time_unix_nano(1);
  record.set_event_name("x");
  record.set_levelno(1);
  record.set_logger("x");
  ASSERT_EQ(v1::LogRecord::descriptor()->field_count(), 13)
      << "set the new field here too";
  const std::string encoded = record.SerializeAsString();
  TagIterator tag(encoded);
  int fields = 0;
  for (; tag.Next(); ++fields) {
    EXPECT_EQ(KindOfPayload(absl::string_view(encoded).substr(tag.begin())),
              PayloadKind::kRecord)
        << "field " << tag.field();
  }
  EXPECT_EQ(fields, 13);
}

TEST_F(FrameDecoderTest, WrapsARecordByteForByte) {
  const std::string record = Record("hello", "shop");
  ASSERT_TRUE(Decode(record).ok());
  EXPECT_EQ(Piece(), Batch({record}));
  EXPECT_EQ(got_.summaries[0].record_count, 1);
}

TEST_F(FrameDecoderTest, WritesAPickleAsARecord) {
  ASSERT_TRUE(Decode("}from python").ok());
  EXPECT_EQ(Piece(), Batch({Record("from python")}));
}

// The record is not walked further than that takes.
TEST_F(FrameDecoderTest, SumsUpAPickleAsCheckBatchWould) {
  PythonRecordDecoder python({});
  FrameDecoder decoder({}, [&](absl::string_view pickle, std::string* record) {
    return python.Decode(pickle, record);
  });
  ASSERT_TRUE(decoder
                  .Decode("(Vorder_id\nI9\nVlevelno\nI30\nVcreated\n"
                          "F1700000000.25\nVmsg\nVhi\nVlineno\nI7\nd.",
                          &got_)
                  .ok());
  const auto checked = CheckBatch(Piece());
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->severities, 1 << 13);
  const BatchSummary& summary = got_.summaries[0];
  EXPECT_EQ(summary.record_count, 1);
  EXPECT_EQ(summary.severities, checked->severities);
  EXPECT_EQ(summary.min_time_unix_nano, 1'700'000'000'250'000'000);
  EXPECT_EQ(summary.max_time_unix_nano, 1'700'000'000'250'000'000);
}

TEST_F(FrameDecoderTest, PassesOnWhyAPickleIsRefused) {
  const absl::Status status = Decode("}bad");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("a bad pickle"));
  EXPECT_THAT(got_.pieces, IsEmpty());
}

TEST_F(FrameDecoderTest, TakesOnlyTheRecordsOfABatch) {
  v1::LogBatch batch;
  batch.add_records()->mutable_body()->set_string_value("one");
  batch.add_records()->set_severity_number(v1::SEVERITY_NUMBER_WARN);
  std::string payload = batch.SerializeAsString();
  const std::string records = payload;
  v1::LogBatch rest;
  rest.set_sequence(77);
  rest.add_lost()->set_count(5);
  payload += rest.SerializeAsString();
  MessageWriter(&payload).Bytes(9, "an unknown field");
  ASSERT_TRUE(Decode(payload).ok());
  EXPECT_EQ(Piece(), records);
  EXPECT_EQ(got_.summaries[0].record_count, 2);
  EXPECT_EQ(got_.summaries[0].sequence, 0) << "ignored on this port";
  EXPECT_EQ(got_.summaries[0].lost_records, 5);
  EXPECT_EQ(got_.summaries[0].severities, 1 << 13 | 1);
}

TEST_F(FrameDecoderTest, CutsALargeBatchIntoPieces) {
  std::vector<std::string> records;
  std::vector<std::string> bodies;
  for (int i = 0; i < 50; ++i) {
    bodies.push_back(absl::StrCat("record ", i));
    records.push_back(Record(bodies.back()));
  }
  // Larger than a piece: one of its own.
  bodies.emplace_back(500, 'l');
  records.push_back(Record(bodies.back()));
  std::string payload = Batch(records);
  v1::LogBatch rest;
  rest.add_lost()->set_count(5);
  payload += rest.SerializeAsString();
  ASSERT_TRUE(DecodeWith({.piece_bytes = 200}, payload).ok());

  std::vector<std::string> got;
  int64_t count = 0;
  int64_t lost = 0;
  for (size_t i = 0; i < got_.pieces.size(); ++i) {
    const std::vector<std::string> piece = Bodies(got_.pieces[i]);
    EXPECT_LE(got_.pieces[i].size(), piece.size() == 1 ? 600 : 200);
    EXPECT_EQ(got_.summaries[i].record_count, piece.size());
    got.insert(got.end(), piece.begin(), piece.end());
    count += got_.summaries[i].record_count;
    lost += static_cast<int64_t>(got_.summaries[i].lost_records);
  }
  EXPECT_EQ(got, bodies);
  EXPECT_EQ(count, 51);
  EXPECT_EQ(lost, 5);
  EXPECT_GT(got_.pieces.size(), 4);
}

// Goal: what is not whole costs its frame and nothing else. Method: cut a
// record and a batch at every byte; what the check takes must decode whole.
TEST_F(FrameDecoderTest, RefusesCutProtobufAsAWhole) {
  const std::vector<std::string> whole = {
      Record("body", "logger"), Batch({Record("one"), Record("two", "x")})};
  for (const std::string& payload : whole) {
    for (size_t cut = 1; cut < payload.size(); ++cut) {
      SCOPED_TRACE(absl::StrCat("cut before byte ", cut));
      for (const size_t piece_bytes : {size_t{1} << 20, size_t{4}}) {
        for (const char* logger : {"", "elsewhere"}) {
          got_ = Collector();
          const absl::Status status =
              DecodeWith({.logger = logger, .piece_bytes = piece_bytes},
                         absl::string_view(payload).substr(0, cut));
          if (!status.ok()) {
            EXPECT_THAT(got_.pieces, IsEmpty());
            continue;
          }
          for (const std::string& piece : got_.pieces) {
            EXPECT_TRUE(CheckBatch(piece).ok());
          }
        }
      }
    }
  }
}

TEST_F(FrameDecoderTest, NamesTheByteItDoesNotKnow) {
  EXPECT_THAT(std::string(Decode("GET / HTTP/1.1").message()),
              HasSubstr("0x47"));
  EXPECT_THAT(std::string(Decode("").message()), HasSubstr("length 0"));
}

// The last `logger` wins, and `%(name)s` prints what python.name holds.
TEST_F(FrameDecoderTest, SendsProtobufElsewhereAndKeepsItsName) {
  const FrameDecoderOptions options = {.logger = "elsewhere"};
  ASSERT_TRUE(DecodeWith(options, Record("one", "shop")).ok());
  ASSERT_TRUE(DecodeWith(options, Batch({Record("two")})).ok());
  ASSERT_THAT(got_.pieces, SizeIs(2));
  std::vector<std::string> names;
  for (const std::string& piece : got_.pieces) {
    BatchView batch(piece);
    ASSERT_TRUE(batch.Next());
    const absl::StatusOr<RecordView> record = RecordView::Parse(batch.record());
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record->logger, "elsewhere");
    const auto name = record->attributes().Find("python.name");
    ASSERT_TRUE(name.has_value());
    names.emplace_back(name->string_value());
    EXPECT_FALSE(batch.Next());
  }
  EXPECT_THAT(names, ElementsAre("shop", "root"));
}

}  // namespace
}  // namespace logboom
