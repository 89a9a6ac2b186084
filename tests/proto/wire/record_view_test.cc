#include "proto/wire/record_view.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_check.h"
#include "tests/proto/wire/canonical.h"
#include "tests/proto/wire/exact_copy.h"
#include "tests/proto/wire/random_record.h"

namespace logboom {
namespace {

using testing::Canonical;
using ::testing::ElementsAre;
using testing::ExactCopy;
using ::testing::HasSubstr;
using testing::RandomRecords;
using testing::Reread;
using testing::Rewrite;
using Kind = AnyValueView::Kind;

// Every field set, every kind of value in it.
v1::LogRecord FullRecord() {
  v1::LogRecord record;
  record.set_time_unix_nano(1'700'000'000'123'456'789);
  record.set_severity_number(v1::SEVERITY_NUMBER_WARN);
  record.set_severity_text("WARNING");
  record.mutable_body()->set_string_value("payment \xE2\x82\xAC 129.90");
  record.set_dropped_attributes_count(3);
  record.set_flags(1);
  record.set_trace_id("0123456789abcdef");
  record.set_span_id("01234567");
  record.set_observed_time_unix_nano(1'700'000'001'000'000'000);
  record.set_event_name("payment.authorised");
  record.set_levelno(-30);
  record.set_logger("shop.cart.payment");
  const auto add = [&](const char* key) {
    v1::KeyValue* pair = record.add_attributes();
    pair->set_key(key);
    return pair->mutable_value();
  };
  add("none");
  add("text")->set_string_value("");
  add("flag")->set_bool_value(true);
  add("int")->set_int_value(std::numeric_limits<int64_t>::min());
  add("double")->set_double_value(-0.0);
  add("bytes")->set_bytes_value(std::string("\0\xFF", 2));
  v1::ArrayValue* array = add("array")->mutable_array_value();
  array->add_values()->set_int_value(1);
  array->add_values();
  v1::KeyValue* inner =
      array->add_values()->mutable_kvlist_value()->add_values();
  inner->set_key("deep");
  inner->mutable_value()->mutable_array_value();
  add("map")->mutable_kvlist_value();
  return record;
}

AnyValueView ValueOf(const v1::AnyValue& value, std::string* storage) {
  *storage = value.SerializeAsString();
  return AnyValueView(*storage);
}

TEST(RecordViewTest, EveryFieldReadsAsProtobufWroteIt) {
  const std::string encoded = FullRecord().SerializeAsString();
  const ExactCopy copy(encoded);
  const absl::StatusOr<RecordView> record = RecordView::Parse(copy.view());
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->time_unix_nano, 1'700'000'000'123'456'789u);
  EXPECT_EQ(record->severity_number, 13);
  EXPECT_EQ(record->severity_text, "WARNING");
  ASSERT_TRUE(record->body.has_value());
  EXPECT_EQ(record->body->kind(), Kind::kString);
  EXPECT_EQ(record->body->string_value(), "payment \xE2\x82\xAC 129.90");
  EXPECT_EQ(record->dropped_attributes_count, 3u);
  EXPECT_EQ(record->flags, 1u);
  EXPECT_EQ(record->trace_id, "0123456789abcdef");
  EXPECT_EQ(record->span_id, "01234567");
  EXPECT_EQ(record->observed_time_unix_nano, 1'700'000'001'000'000'000u);
  EXPECT_EQ(record->event_name, "payment.authorised");
  EXPECT_EQ(record->levelno, -30);
  EXPECT_EQ(record->logger, "shop.cart.payment");
  EXPECT_EQ(record->encoded(), copy.view());
  EXPECT_EQ(Rewrite(*record), encoded);
}

TEST(RecordViewTest, NothingIsCopied) {
  const ExactCopy copy(FullRecord().SerializeAsString());
  const absl::StatusOr<RecordView> record = RecordView::Parse(copy.view());
  ASSERT_TRUE(record.ok());
  const auto inside = [&](absl::string_view part) {
    return part.data() >= copy.view().data() &&
           part.data() + part.size() <= copy.view().data() + copy.view().size();
  };
  EXPECT_TRUE(inside(record->logger));
  EXPECT_TRUE(inside(record->body->string_value()));
  MapView attributes = record->attributes();
  while (attributes.Next()) EXPECT_TRUE(inside(attributes.key()));
}

TEST(RecordViewTest, AnEmptyRecordReadsAsDefaults) {
  const absl::StatusOr<RecordView> record = RecordView::Parse("");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->time_unix_nano, 0u);
  EXPECT_EQ(record->body, std::nullopt);
  EXPECT_EQ(record->levelno, std::nullopt);
  EXPECT_EQ(record->logger, "");
  EXPECT_FALSE(record->attributes().Next());
  EXPECT_EQ(Rewrite(*record), "");
}

TEST(RecordViewTest, ABodyOfNoneIsNotAnAbsentBody) {
  v1::LogRecord record;
  record.mutable_body();
  const std::string encoded = record.SerializeAsString();
  const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
  ASSERT_TRUE(view.ok());
  ASSERT_TRUE(view->body.has_value());
  EXPECT_EQ(view->body->kind(), Kind::kNone);
}

TEST(RecordViewTest, ALevelnoOfZeroIsNotAnAbsentLevelno) {
  v1::LogRecord record;
  record.set_levelno(0);
  const std::string encoded = record.SerializeAsString();
  EXPECT_EQ(RecordView::Parse(encoded)->levelno, 0);
}

TEST(RecordViewTest, ExtremeNumbersAreRead) {
  for (const int32_t number : {std::numeric_limits<int32_t>::min(), -1, 0, 1,
                               std::numeric_limits<int32_t>::max()}) {
    v1::LogRecord record;
    record.set_levelno(number);
    record.set_severity_number(static_cast<v1::SeverityNumber>(number));
    record.set_flags(static_cast<uint32_t>(number));
    record.set_dropped_attributes_count(static_cast<uint32_t>(number));
    const std::string encoded = record.SerializeAsString();
    const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(view->levelno, number);
    EXPECT_EQ(view->severity_number, number);
    EXPECT_EQ(view->flags, static_cast<uint32_t>(number));
    EXPECT_EQ(view->dropped_attributes_count, static_cast<uint32_t>(number));
  }
}

// As protobuf: a varint field keeps the low bits that its type holds.
TEST(RecordViewTest, NumbersTooWideForTheirFieldLoseTheirHighBits) {
  std::string encoded;
  MessageWriter writer(&encoded);
  writer.Varint(2, 0x1'0000'0009);
  writer.Varint(7, 0xFFFF'FFFF'0000'0005);
  writer.Varint(14, 0x1'0000'0003);
  v1::LogRecord parsed;
  ASSERT_TRUE(parsed.ParseFromString(encoded));
  const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->severity_number, 9);
  EXPECT_EQ(view->dropped_attributes_count, 5u);
  EXPECT_EQ(view->levelno, -2);
  EXPECT_EQ(Rewrite(*view), Canonical(parsed));
}

TEST(RecordViewTest, IdsOfTheWrongLengthAreAbsent) {
  for (size_t size = 0; size <= 20; ++size) {
    v1::LogRecord record;
    record.set_trace_id(std::string(size, 'i'));
    record.set_span_id(std::string(size, 'i'));
    const std::string encoded = record.SerializeAsString();
    const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(view->trace_id.size(), size == 16 ? 16u : 0u);
    EXPECT_EQ(view->span_id.size(), size == 8 ? 8u : 0u);
  }
}

TEST(RecordViewTest, BytesThatAreNotUtf8AreKeptAsTheyCame) {
  std::string encoded;
  RecordWriter writer(&encoded);
  writer.BodyText("\xFF\xC3(");
  writer.Attribute("\x80", "\xED\xA0\x80");
  writer.Logger("caf\xE9");
  ASSERT_TRUE(CheckRecord(encoded).ok());
  const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->body->string_value(), "\xFF\xC3(");
  EXPECT_EQ(view->attributes().Find("\x80")->string_value(), "\xED\xA0\x80");
  EXPECT_EQ(view->logger, "caf\xE9");
}

TEST(RecordViewTest, TheLastOfTwoFieldsWins) {
  std::string encoded;
  RecordWriter first(&encoded);
  first.Time(1);
  first.SeverityNumber(5);
  first.BodyText("first");
  first.TraceId("0123456789abcdef");
  first.Levelno(10);
  first.Logger("first");
  RecordWriter second(&encoded);
  second.Time(2);
  second.SeverityNumber(9);
  const OpenField body = second.BeginBody();
  second.value().Int(7);
  second.EndBody(body);
  second.TraceId("short");
  second.Levelno(20);
  second.Logger("second");
  const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->time_unix_nano, 2u);
  EXPECT_EQ(view->severity_number, 9);
  EXPECT_EQ(view->body->kind(), Kind::kInt);
  EXPECT_EQ(view->trace_id, "");
  EXPECT_EQ(view->levelno, 20);
  EXPECT_EQ(view->logger, "second");
}

TEST(RecordViewTest, UnknownFieldsAreSkippedAtEveryLevel) {
  v1::LogRecord plain = FullRecord();
  v1::LogRecord record = plain;
  const auto add_unknown = [](google::protobuf::Message* message) {
    auto* unknown = message->GetReflection()->MutableUnknownFields(message);
    unknown->AddVarint(100, 1);
    unknown->AddFixed32(1, 2);
    unknown->AddFixed64(101, 3);
    *unknown->AddLengthDelimited(102) = "\x0A\x01";
  };
  add_unknown(&record);
  add_unknown(record.mutable_body());
  for (v1::KeyValue& pair : *record.mutable_attributes()) {
    add_unknown(&pair);
    add_unknown(pair.mutable_value());
  }
  EXPECT_EQ(Reread(record.SerializeAsString()), plain.SerializeAsString());
}

TEST(RecordViewTest, AKnownNumberOfAnotherWireTypeIsAnUnknownField) {
  std::string encoded;
  MessageWriter writer(&encoded);
  for (const uint32_t field : {1u, 3u, 5u, 6u, 8u, 9u, 11u, 12u, 15u}) {
    writer.Varint(field, 1);
  }
  for (const uint32_t field : {2u, 7u, 14u}) writer.Bytes(field, "x");
  EXPECT_EQ(Reread(encoded), "");
}

TEST(RecordViewTest, AttributesAreWalkedInTheirOrderWhereverTheyStand) {
  std::string encoded;
  RecordWriter writer(&encoded);
  writer.AttributeInt("b", 1);
  writer.Logger("between");
  writer.AttributeInt("a", 2);
  writer.BodyText("between");
  writer.AttributeInt("b", 3);
  const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
  ASSERT_TRUE(view.ok());
  std::vector<std::string> keys;
  std::vector<int64_t> values;
  MapView attributes = view->attributes();
  while (attributes.Next()) {
    keys.emplace_back(attributes.key());
    values.push_back(attributes.value().int_value());
  }
  EXPECT_THAT(keys, ElementsAre("b", "a", "b"));
  EXPECT_THAT(values, ElementsAre(1, 2, 3));
}

TEST(RecordViewTest, FindGivesTheLastPairWithTheKey) {
  std::string encoded;
  RecordWriter writer(&encoded);
  writer.AttributeInt("key", 1);
  writer.AttributeInt("other", 2);
  writer.AttributeInt("key", 3);
  writer.AttributeInt("", 4);
  const RecordView view = *RecordView::Parse(encoded);
  EXPECT_EQ(view.attributes().Find("key")->int_value(), 3);
  EXPECT_EQ(view.attributes().Find("other")->int_value(), 2);
  EXPECT_EQ(view.attributes().Find("")->int_value(), 4);
  EXPECT_FALSE(view.attributes().Find("ke").has_value());
  EXPECT_FALSE(MapView().Find("key").has_value());
}

TEST(RecordViewTest, FindDoesNotMoveTheWalk) {
  std::string encoded;
  RecordWriter writer(&encoded);
  writer.AttributeInt("a", 1);
  writer.AttributeInt("b", 2);
  MapView attributes = RecordView::Parse(encoded)->attributes();
  ASSERT_TRUE(attributes.Next());
  EXPECT_TRUE(attributes.Find("b").has_value());
  EXPECT_FALSE(attributes.Find("a").has_value()) << "it is behind the walk";
  EXPECT_EQ(attributes.key(), "a");
}

TEST(RecordViewTest, APairWithoutKeyOrValueHasAnEmptyOne) {
  std::string encoded;
  MessageWriter writer(&encoded);
  writer.Bytes(6, "");
  MapView attributes = RecordView::Parse(encoded)->attributes();
  ASSERT_TRUE(attributes.Next());
  EXPECT_EQ(attributes.key(), "");
  EXPECT_EQ(attributes.value().kind(), Kind::kNone);
}

TEST(RecordViewTest, AMalformedFieldIsAnErrorWithItsByte) {
  const absl::Status status = RecordView::Parse("\x7A\x01s\x7A\x05x").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("byte 3"));
}

// Goal: a cut record gives an error or what protobuf reads of it, and nothing
// beyond the cut is touched. Method: each prefix in a heap block of its size.
TEST(RecordViewTest, ARecordCutAnywhereReadsAsProtobufReadsIt) {
  const google::protobuf::LogSilencer no_line_for_each_cut_text;
  const std::string encoded = FullRecord().SerializeAsString();
  int whole = 0;
  for (size_t size = 0; size <= encoded.size(); ++size) {
    SCOPED_TRACE(size);
    const ExactCopy cut(absl::string_view(encoded).substr(0, size));
    v1::LogRecord parsed;
    const bool readable =
        parsed.ParseFromArray(cut.view().data(), static_cast<int>(size));
    ASSERT_EQ(RecordView::Parse(cut.view()).ok(), readable);
    ASSERT_EQ(CheckRecord(cut.view()).ok(), readable);
    if (!readable) continue;
    ++whole;
    EXPECT_EQ(Reread(cut.view()), Canonical(parsed));
  }
  EXPECT_EQ(whole, 21) << "a cut before each of the 20 fields, and none";
}

TEST(AnyValueViewTest, EveryKindIsRead) {
  std::string storage;
  v1::AnyValue value;
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kNone);
  value.set_string_value("");
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kString);
  EXPECT_EQ(ValueOf(value, &storage).string_value(), "");
  value.set_bool_value(false);
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kBool);
  EXPECT_FALSE(ValueOf(value, &storage).bool_value());
  value.set_bool_value(true);
  EXPECT_TRUE(ValueOf(value, &storage).bool_value());
  value.set_int_value(0);
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kInt);
  value.set_double_value(0);
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kDouble);
  value.set_bytes_value("\xFF");
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kBytes);
  EXPECT_EQ(ValueOf(value, &storage).bytes_value(), "\xFF");
  value.mutable_array_value();
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kArray);
  EXPECT_FALSE(ValueOf(value, &storage).array().Next());
  value.mutable_kvlist_value();
  EXPECT_EQ(ValueOf(value, &storage).kind(), Kind::kMap);
  EXPECT_FALSE(ValueOf(value, &storage).map().Next());
}

TEST(AnyValueViewTest, IntegersOfAllSizesAndSignsAreRead) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const uint64_t number :
         {uint64_t{1} << bits, ~(uint64_t{1} << bits)}) {
      std::string storage;
      v1::AnyValue value;
      value.set_int_value(static_cast<int64_t>(number));
      EXPECT_EQ(ValueOf(value, &storage).int_value(), value.int_value());
    }
  }
}

TEST(AnyValueViewTest, DoublesAreReadToTheBit) {
  for (const double number :
       {0.0, -0.0, 129.9, std::numeric_limits<double>::denorm_min(),
        std::numeric_limits<double>::max(),
        std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    std::string storage;
    v1::AnyValue value;
    value.set_double_value(number);
    const double read = ValueOf(value, &storage).double_value();
    EXPECT_EQ(std::signbit(read), std::signbit(number));
    EXPECT_TRUE(read == number || (std::isnan(read) && std::isnan(number)));
    EXPECT_EQ(Rewrite(AnyValueView(storage)), storage);
  }
}

TEST(AnyValueViewTest, TheLastKindOfSeveralWins) {
  std::string encoded;
  MessageWriter message(&encoded);
  ValueWriter writer(&message);
  writer.String("text");
  writer.Int(7);
  EXPECT_EQ(AnyValueView(encoded).kind(), Kind::kInt);
  writer.Bool(true);
  writer.String("again");
  EXPECT_EQ(AnyValueView(encoded).kind(), Kind::kString);
  EXPECT_EQ(AnyValueView(encoded).string_value(), "again");
}

// Where protobuf merges the two arrays.
TEST(AnyValueViewTest, ASecondArrayReplacesTheFirst) {
  std::string encoded;
  for (const int64_t number : {1, 2}) {
    v1::AnyValue value;
    value.mutable_array_value()->add_values()->set_int_value(number);
    encoded += value.SerializeAsString();
  }
  ArrayView array = AnyValueView(encoded).array();
  ASSERT_TRUE(array.Next());
  EXPECT_EQ(array.value().int_value(), 2);
  EXPECT_FALSE(array.Next());
}

// The bytes are not accepted by CheckRecord, yet nothing may read past them.
TEST(AnyValueViewTest, AValueCutAnywhereIsReadOnlyToTheCut) {
  const v1::LogRecord record = FullRecord();
  for (const v1::KeyValue& pair : record.attributes()) {
    const std::string encoded = pair.value().SerializeAsString();
    for (size_t size = 0; size <= encoded.size(); ++size) {
      const ExactCopy cut(absl::string_view(encoded).substr(0, size));
      v1::AnyValue parsed;
      if (parsed.ParseFromArray(cut.view().data(), static_cast<int>(size))) {
        EXPECT_EQ(Rewrite(AnyValueView(cut.view())), Canonical(parsed));
      } else {
        EXPECT_EQ(Rewrite(AnyValueView(cut.view())), "") << pair.key();
      }
    }
  }
}

TEST(ArrayViewTest, ACutArrayGivesItsWholeElements) {
  v1::ArrayValue array;
  for (int i = 0; i < 5; ++i) array.add_values()->set_int_value(1 << (7 * i));
  const std::string encoded = array.SerializeAsString();
  for (size_t size = 0; size <= encoded.size(); ++size) {
    const ExactCopy cut(absl::string_view(encoded).substr(0, size));
    size_t whole_bytes = 0;
    int elements = 0;
    for (ArrayView walk(cut.view()); walk.Next(); ++elements) {
      ASSERT_EQ(walk.value().int_value(), 1 << (7 * elements));
      whole_bytes += 2 + array.values(elements).ByteSizeLong();
    }
    EXPECT_LE(whole_bytes, size);
    if (elements < 5) {
      EXPECT_GT(whole_bytes + 2 + array.values(elements).ByteSizeLong(), size);
    }
  }
}

TEST(BatchViewTest, RecordsAreWalkedInTheirOrder) {
  v1::LogBatch batch;
  for (const char* logger : {"a", "", "c"})
    batch.add_records()->set_logger(logger);
  batch.set_sequence(7);
  batch.add_lost()->set_count(1);
  const ExactCopy copy(batch.SerializeAsString());
  std::vector<std::string> records;
  for (BatchView walk(copy.view()); walk.Next();) {
    records.emplace_back(RecordView::Parse(walk.record())->logger);
  }
  EXPECT_THAT(records, ElementsAre("a", "", "c"));
}

TEST(RandomRecordTest, EveryRecordReadsAndRewritesAsProtobufHasIt) {
  RandomRecords random(2);
  for (int i = 0; i < 3000; ++i) {
    const v1::LogRecord record = random.Record();
    const ExactCopy copy(record.SerializeAsString());
    ASSERT_TRUE(CheckRecord(copy.view()).ok()) << record.DebugString();
    ASSERT_EQ(Reread(copy.view()), Canonical(record)) << record.DebugString();
  }
}

TEST(RandomRecordTest, FieldsMayStandInAnyOrderAndTwice) {
  RandomRecords random(3);
  for (int i = 0; i < 3000; ++i) {
    const ExactCopy copy(random.Shuffled(random.Record()));
    v1::LogRecord parsed;
    ASSERT_TRUE(parsed.ParseFromArray(copy.view().data(),
                                      static_cast<int>(copy.view().size())));
    ASSERT_TRUE(CheckRecord(copy.view()).ok()) << parsed.DebugString();
    ASSERT_EQ(Reread(copy.view()), Canonical(parsed)) << parsed.DebugString();
  }
}

}  // namespace
}  // namespace logboom
