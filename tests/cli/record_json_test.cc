#include "cli/record_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "logboom/v1/record.pb.h"

namespace logboom {
namespace {

std::string JsonOf(const v1::LogRecord& record) {
  const std::string encoded = record.SerializeAsString();
  const absl::StatusOr<RecordView> view = RecordView::Parse(encoded);
  EXPECT_TRUE(view.ok());
  return JsonText(JsonFromRecord(*view));
}

v1::LogRecord WithBody(const v1::AnyValue& body) {
  v1::LogRecord record;
  *record.mutable_body() = body;
  return record;
}

TEST(RecordJsonTest, LeavesOutWhatTheRecordLacks) {
  EXPECT_EQ(JsonOf(v1::LogRecord()), R"({"logger":""})");
}

TEST(RecordJsonTest, HasEveryField) {
  v1::LogRecord record;
  record.set_time_unix_nano(1'500'000'001);
  record.set_observed_time_unix_nano(2'000'000'000);
  record.set_logger("a.b");
  record.set_severity_number(v1::SEVERITY_NUMBER_WARN);
  record.set_severity_text("WARNING");
  record.set_levelno(30);
  record.mutable_body()->set_string_value("hi");
  record.set_event_name("e");
  record.set_trace_id(std::string(16, '\x01'));
  record.set_span_id(std::string(8, '\x02'));
  record.set_flags(1);
  record.set_dropped_attributes_count(2);
  v1::KeyValue& attribute = *record.add_attributes();
  attribute.set_key("k");
  attribute.mutable_value()->set_int_value(-1);
  EXPECT_EQ(JsonOf(record),
            R"({"time":"1970-01-01T00:00:01.500000001+00:00",)"
            R"("observed_time":"1970-01-01T00:00:02+00:00","logger":"a.b",)"
            R"("severity":13,"levelno":30,"level":"WARNING","message":"hi",)"
            R"("event_name":"e","trace_id":"01010101010101010101010101010101",)"
            R"("span_id":"0202020202020202","flags":1,)"
            R"("dropped_attributes_count":2,"attributes":{"k":-1}})");
}

TEST(RecordJsonTest, HasAFormForEveryValue) {
  v1::AnyValue list;
  v1::ArrayValue& values = *list.mutable_array_value();
  values.add_values();
  values.add_values()->set_bool_value(true);
  values.add_values()->set_double_value(0.5);
  values.add_values()->set_double_value(std::nan(""));
  values.add_values()->set_bytes_value("\x01\x02");
  values.add_values()->mutable_kvlist_value()->add_values()->set_key("k");
  EXPECT_EQ(JsonOf(WithBody(list)),
            R"({"logger":"","message":[null,true,0.5,"nan",)"
            R"({"base64":"AQI="},{"k":null}]})");
}

TEST(RecordJsonTest, AScopeHasWhatItsNameDoesNotSay) {
  EXPECT_EQ(JsonText(JsonFromScope("", MapView())), "{}");
  const std::string attributes = "\x1a\x0d\x0a\x04team\x12\x05\x0a\x03pay";
  EXPECT_EQ(JsonText(JsonFromScope("1.\xff", MapView(attributes, 3))),
            R"({"version":"1.\\xff","attributes":{"team":"pay"}})");
}

TEST(RecordJsonTest, LetsNoRecordForgeALineOrSteerATerminal) {
  v1::AnyValue body;
  body.set_string_value("a\nb\x1b[2J\x7f\xe2\x80\xae\xc2\x9b");
  EXPECT_EQ(JsonOf(WithBody(body)), R"({"logger":"","message":)"
                                    R"("a\nb\u001b[2J\u007f\u202e\u009b"})");
}

TEST(RecordJsonTest, KeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(ValidUtf8("plain \xc3\xa9 \xf0\x9f\x98\x80"),
            "plain \xc3\xa9 \xf0\x9f\x98\x80");
  EXPECT_EQ(ValidUtf8("\xff"), "\\xff");
  EXPECT_EQ(ValidUtf8("\xc3"), "\\xc3") << "cut";
  EXPECT_EQ(ValidUtf8("\xe2\x82"), "\\xe2\\x82") << "cut";
  EXPECT_EQ(ValidUtf8("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(ValidUtf8("\xe0\x80\x80"), "\\xe0\\x80\\x80") << "overlong";
  EXPECT_EQ(ValidUtf8("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(ValidUtf8("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80")
      << "beyond U+10FFFF";
}

TEST(RecordJsonTest, CutsWhatIsNestedTooDeeply) {
  v1::AnyValue body;
  v1::AnyValue* innermost = &body;
  for (int i = 0; i < 5000; ++i) {
    innermost = innermost->mutable_array_value()->add_values();
  }
  EXPECT_NE(JsonOf(WithBody(body)).find("nested too deeply"),
            std::string::npos);
}

}  // namespace
}  // namespace logboom
