#include "proto/wire/record_writer.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

v1::LogRecord Parsed(const std::string& encoded) {
  v1::LogRecord record;
  EXPECT_TRUE(record.ParseFromString(encoded));
  EXPECT_TRUE(CheckRecord(encoded).ok());
  return record;
}

v1::AnyValue ParsedValue(const std::string& encoded) {
  v1::AnyValue value;
  EXPECT_TRUE(value.ParseFromString(encoded));
  return value;
}

TEST(MessageWriterTest, FieldsAreWrittenAsProtobufWritesThem) {
  for (const int32_t number :
       {std::numeric_limits<int32_t>::min(), -65, -64, -1, 0, 1, 63, 64,
        std::numeric_limits<int32_t>::max()}) {
    std::string out;
    MessageWriter(&out).Sint32(14, number);
    v1::LogRecord record;
    record.set_levelno(number);
    EXPECT_EQ(out, record.SerializeAsString()) << number;
  }
}

// A length is put in when its field closes: its size must not matter.
TEST(MessageWriterTest, AnOpenFieldTakesABodyOfAnyLength) {
  for (const size_t size :
       {0u, 1u, 127u, 128u, 129u, 16383u, 16384u, 70000u, 2097151u, 2097152u}) {
    const std::string body(size, 'x');
    std::string whole;
    MessageWriter(&whole).Bytes(300, body);
    std::string opened;
    MessageWriter writer(&opened);
    const OpenField open = writer.Begin(300);
    opened += body;
    writer.End(open);
    EXPECT_TRUE(opened == whole) << size << " bytes";
  }
}

TEST(MessageWriterTest, OpenFieldsNestAtEveryLengthBoundary) {
  for (size_t size = 100; size < 140; ++size) {
    std::string out;
    MessageWriter batch(&out);
    const OpenField record = batch.Begin(kBatchRecordsField);
    RecordWriter(&out).BodyText(std::string(size, 'x'));
    batch.End(record);
    batch.Varint(kBatchSequenceField, 9);
    v1::LogBatch parsed;
    ASSERT_TRUE(parsed.ParseFromString(out)) << size;
    ASSERT_EQ(parsed.records_size(), 1);
    EXPECT_EQ(parsed.records(0).body().string_value().size(), size);
    EXPECT_EQ(parsed.sequence(), 9u);
    EXPECT_EQ(parsed.SerializeAsString(), out);
  }
}

TEST(MessageWriterTest, BytesAreAppendedBehindWhatTheBufferHolds) {
  std::string out = "kept";
  MessageWriter writer(&out);
  const OpenField open = writer.Begin(1);
  out.append(200, 'x');
  writer.End(open);
  EXPECT_EQ(out, "kept\x0A\xC8\x01" + std::string(200, 'x'));
}

TEST(RecordWriterTest, EveryFieldIsWrittenAsProtobufWritesIt) {
  std::string out;
  RecordWriter writer(&out);
  writer.Time(1);
  writer.SeverityNumber(17);
  writer.SeverityText("ERROR");
  writer.BodyText("hi");
  writer.Attribute("text", "a");
  writer.AttributeInt("int", -1);
  writer.AttributeBool("bool", false);
  writer.AttributeDouble("double", 0.5);
  writer.DroppedAttributesCount(300);
  writer.Flags(1);
  writer.TraceId("0123456789abcdef");
  writer.SpanId("01234567");
  writer.ObservedTime(2);
  writer.EventName("event");
  writer.Levelno(40);
  writer.Logger("shop");

  v1::LogRecord record;
  record.set_time_unix_nano(1);
  record.set_severity_number(v1::SEVERITY_NUMBER_ERROR);
  record.set_severity_text("ERROR");
  record.mutable_body()->set_string_value("hi");
  const auto add = [&](const char* key) {
    v1::KeyValue* pair = record.add_attributes();
    pair->set_key(key);
    return pair->mutable_value();
  };
  add("text")->set_string_value("a");
  add("int")->set_int_value(-1);
  add("bool")->set_bool_value(false);
  add("double")->set_double_value(0.5);
  record.set_dropped_attributes_count(300);
  record.set_flags(1);
  record.set_trace_id("0123456789abcdef");
  record.set_span_id("01234567");
  record.set_observed_time_unix_nano(2);
  record.set_event_name("event");
  record.set_levelno(40);
  record.set_logger("shop");
  EXPECT_EQ(out, record.SerializeAsString());
}

TEST(RecordWriterTest, ZerosAndEmptyTextsAreNotWritten) {
  std::string out;
  RecordWriter writer(&out);
  writer.Time(0);
  writer.SeverityNumber(0);
  writer.SeverityText("");
  writer.Logger("");
  writer.DroppedAttributesCount(0);
  writer.Flags(0);
  writer.TraceId("");
  writer.SpanId("");
  writer.ObservedTime(0);
  writer.EventName("");
  EXPECT_EQ(out, "");
}

TEST(RecordWriterTest, ZerosThatMeanSomethingAreWritten) {
  std::string out;
  RecordWriter writer(&out);
  writer.Levelno(0);
  writer.BodyText("");
  writer.AttributeInt("", 0);
  const v1::LogRecord record = Parsed(out);
  EXPECT_TRUE(record.has_levelno());
  EXPECT_TRUE(record.body().has_string_value());
  ASSERT_EQ(record.attributes_size(), 1);
  EXPECT_TRUE(record.attributes(0).value().has_int_value());
}

TEST(RecordWriterTest, ExtremeNumbersAreWritten) {
  for (const int32_t number : {std::numeric_limits<int32_t>::min(), -1,
                               std::numeric_limits<int32_t>::max()}) {
    std::string out;
    RecordWriter writer(&out);
    writer.SeverityNumber(number);
    writer.Levelno(number);
    const v1::LogRecord record = Parsed(out);
    EXPECT_EQ(record.severity_number(), number);
    EXPECT_EQ(record.levelno(), number);
    EXPECT_EQ(out, record.SerializeAsString());
  }
}

TEST(RecordWriterTest, TheRecordIsCompleteAfterEveryField) {
  std::string out;
  RecordWriter writer(&out);
  writer.Logger("a");
  EXPECT_EQ(Parsed(out).logger(), "a");
  writer.Attribute("k", "v");
  EXPECT_EQ(Parsed(out).attributes_size(), 1);
  writer.Time(5);
  EXPECT_EQ(Parsed(out).time_unix_nano(), 5u);
}

TEST(RecordWriterTest, AWarmBufferTakesARecordWithoutGrowing) {
  std::string out;
  const auto write = [&out] {
    RecordWriter writer(&out);
    writer.BodyText(std::string(300, 'b'));
    writer.Attribute("key", std::string(200, 'a'));
  };
  write();
  const size_t capacity = out.capacity();
  const char* data = out.data();
  out.clear();
  write();
  EXPECT_EQ(out.capacity(), capacity);
  EXPECT_EQ(out.data(), data);
}

TEST(RecordWriterTest, AttributesOfAnyValueAreWritten) {
  std::string out;
  RecordWriter writer(&out);
  const ValueWriter::OpenPair open = writer.BeginAttribute("list");
  const OpenField array = writer.value().BeginArray();
  const OpenField element = writer.value().BeginElement();
  writer.value().Bytes("\xFF");
  writer.value().message().End(element);
  writer.value().EndContainer(array);
  writer.EndAttribute(open);
  const v1::LogRecord record = Parsed(out);
  ASSERT_EQ(record.attributes_size(), 1);
  const v1::AnyValue& list = record.attributes(0).value();
  ASSERT_EQ(list.array_value().values_size(), 1);
  EXPECT_EQ(list.array_value().values(0).bytes_value(), "\xFF");
}

TEST(ValueWriterTest, NoneIsAValueWithNoKind) {
  std::string out;
  MessageWriter message(&out);
  ValueWriter(&message).None();
  EXPECT_EQ(ParsedValue(out).value_case(), v1::AnyValue::VALUE_NOT_SET);
}

TEST(ValueWriterTest, MapsAndArraysNest) {
  std::string out;
  MessageWriter message(&out);
  ValueWriter writer(&message);
  const OpenField map = writer.BeginMap();
  const ValueWriter::OpenPair pair = writer.BeginPair("list");
  const OpenField array = writer.BeginArray();
  for (const int64_t number : {1, 2}) {
    const OpenField element = writer.BeginElement();
    writer.Int(number);
    message.End(element);
  }
  writer.EndContainer(array);
  writer.EndPair(pair);
  const ValueWriter::OpenPair none = writer.BeginPair("none");
  writer.None();
  writer.EndPair(none);
  writer.EndContainer(map);

  v1::AnyValue value;
  v1::KeyValue* list = value.mutable_kvlist_value()->add_values();
  list->set_key("list");
  for (const int64_t number : {1, 2}) {
    list->mutable_value()->mutable_array_value()->add_values()->set_int_value(
        number);
  }
  v1::KeyValue* empty = value.mutable_kvlist_value()->add_values();
  empty->set_key("none");
  empty->mutable_value();
  EXPECT_EQ(out, value.SerializeAsString());
}

}  // namespace
}  // namespace logboom
