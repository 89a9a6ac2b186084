#include "cli/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/time.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What a server would read of the event.
v1::LogRecord Encoded(const Event& event) {
  std::string records;
  AppendRecord(event, &records);
  v1::LogBatch batch;
  EXPECT_TRUE(batch.ParseFromString(records));
  EXPECT_TRUE(CheckBatch(records).ok());
  EXPECT_EQ(batch.records_size(), 1);
  return batch.records(0);
}

Event FromJson(const std::string& line, const Event& defaults = {}) {
  const absl::StatusOr<Event> event = ParseJsonEvent(line, defaults);
  EXPECT_TRUE(event.ok()) << event.status();
  return event.value_or(Event{});
}

std::string WhyNot(const std::string& line) {
  const absl::StatusOr<Event> event = ParseJsonEvent(line, Event{});
  EXPECT_EQ(event.status().code(), absl::StatusCode::kInvalidArgument) << line;
  return std::string(event.status().message());
}

TEST(EventTest, TakesLevelsAsPeopleWriteThem) {
  struct Case {
    const char* text;
    int levelno;
    int severity;
    const char* name;
  };
  for (const Case& c :
       {Case{"INFO", 20, 9, "INFO"}, Case{"warn", 30, 13, "WARNING"},
        Case{"Critical", 50, 21, "CRITICAL"}, Case{"15", 15, 8, "Level 15"},
        Case{"30", 30, 13, "WARNING"}}) {
    const std::optional<EventLevel> level = ParseEventLevel(c.text);
    ASSERT_TRUE(level.has_value()) << c.text;
    EXPECT_EQ(level->levelno, c.levelno) << c.text;
    EXPECT_EQ(level->severity, c.severity) << c.text;
    EXPECT_EQ(level->name, c.name) << c.text;
  }
  ASSERT_TRUE(ParseEventLevel("trace").has_value());
  EXPECT_EQ(ParseEventLevel("trace")->severity, 1);
  EXPECT_FALSE(ParseEventLevel("loud").has_value());
  EXPECT_FALSE(ParseEventLevel("").has_value());
}

TEST(EventTest, TypesValuesByTheirLooks) {
  EXPECT_EQ(ParseTypedValue("true"), true);
  EXPECT_EQ(ParseTypedValue("-7"), -7);
  EXPECT_EQ(ParseTypedValue("1.5"), 1.5);
  EXPECT_EQ(ParseTypedValue("1.2.3"), "1.2.3");
  EXPECT_EQ(ParseTypedValue("True"), "True");
  EXPECT_EQ(ParseTypedValue(""), "");
}

TEST(EventTest, EncodesWhatTheEventSays) {
  Event event;
  event.time = absl::FromUnixNanos(1234567890123456789);
  event.logger = "shop.cart";
  event.level = *ParseEventLevel("ERROR");
  event.body = "no \xff utf-8";
  event.attributes["n"] = 3;
  event.attributes["nested"] = {{"list", {1.5, true, nullptr}}};
  std::string records;
  AppendRecord(event, &records);
  EXPECT_THAT(records, HasSubstr("no \xff utf-8")) << "bytes are kept";
  event.body = "plain";
  const v1::LogRecord record = Encoded(event);
  EXPECT_EQ(record.time_unix_nano(), 1234567890123456789u);
  EXPECT_EQ(record.logger(), "shop.cart");
  EXPECT_EQ(record.levelno(), 40);
  EXPECT_EQ(record.severity_number(), v1::SEVERITY_NUMBER_ERROR);
  EXPECT_EQ(record.severity_text(), "ERROR");
  EXPECT_EQ(record.body().string_value(), "plain");
  ASSERT_EQ(record.attributes_size(), 2);
  EXPECT_EQ(record.attributes(0).value().int_value(), 3);
  const v1::KeyValue& list =
      record.attributes(1).value().kvlist_value().values(0);
  EXPECT_EQ(list.key(), "list");
  EXPECT_EQ(list.value().array_value().values(0).double_value(), 1.5);
  EXPECT_TRUE(list.value().array_value().values(1).bool_value());
  EXPECT_EQ(list.value().array_value().values(2).value_case(),
            v1::AnyValue::VALUE_NOT_SET);
}

TEST(EventTest, KeepsTheDigitsOfANumberBeyond64Bits) {
  const Event event = FromJson(R"({"n": 18446744073709551615})");
  EXPECT_EQ(Encoded(event).attributes(0).value().string_value(),
            "18446744073709551615");
}

TEST(EventTest, ReadsALineOfJson) {
  const Event event = FromJson(
      R"({"message": "paid", "logger": "shop", "level": "warning",)"
      R"( "time": "2024-05-06T07:08:09.5+02:00", "attributes": {"a": 1},)"
      R"( "b": [2]})");
  EXPECT_EQ(event.body, "paid");
  EXPECT_EQ(event.logger, "shop");
  EXPECT_EQ(event.level.levelno, 30);
  EXPECT_EQ(absl::FormatTime(event.time, absl::UTCTimeZone()),
            "2024-05-06T05:08:09.5+00:00");
  EXPECT_EQ(event.attributes.dump(), R"({"a":1,"b":[2]})");
}

TEST(EventTest, TakesFromTheCommandLineWhatALineLacks) {
  Event defaults;
  defaults.logger = "app";
  defaults.level = *ParseEventLevel("DEBUG");
  defaults.time = absl::FromUnixSeconds(5);
  const Event event =
      FromJson(R"({"message": {"k": 1}, "level": 40})", defaults);
  EXPECT_EQ(event.logger, "app");
  EXPECT_EQ(event.level.name, "ERROR");
  EXPECT_EQ(event.time, absl::FromUnixSeconds(5));
  EXPECT_EQ(event.body.dump(), R"({"k":1})");
  EXPECT_EQ(FromJson(R"({"time": 1.5})").time,
            absl::UnixEpoch() + absl::Milliseconds(1500));
}

TEST(EventTest, SaysWhatIsWrongWithALine) {
  EXPECT_THAT(WhyNot("{\"a\": }"), StartsWith("not JSON: column 7"));
  EXPECT_THAT(WhyNot(""), StartsWith("not JSON: "));
  EXPECT_THAT(WhyNot("\"\xff\""), StartsWith("not JSON: "));
  EXPECT_EQ(WhyNot("[]"), "a JSON object is expected");
  EXPECT_THAT(WhyNot(R"({"level": "loud"})"), StartsWith("level: \"loud\""));
  EXPECT_THAT(WhyNot(R"({"level": 1.5})"), StartsWith("level: 1.5"));
  EXPECT_EQ(WhyNot(R"({"logger": 1})"), "logger: text is expected");
  EXPECT_EQ(WhyNot(R"({"attributes": []})"),
            "attributes: an object is expected");
  EXPECT_THAT(WhyNot(R"({"time": "now"})"),
              StartsWith("time: \"now\" is not RFC 3339"));
  EXPECT_THAT(WhyNot(R"({"time": true})"), StartsWith("time: "));
  EXPECT_EQ(WhyNot(R"({"time": -1})"), "time: it must be from 1970 to 2262");
  EXPECT_EQ(WhyNot(R"({"time": 1e300})"), "time: it must be from 1970 to 2262");
}

TEST(EventTest, RefusesJsonTooDeepForARecord) {
  const auto nested = [](int levels) {
    return "{\"a\": " + std::string(levels, '[') + std::string(levels, ']') +
           "}";
  };
  EXPECT_TRUE(CheckBatch([&] {
                std::string records;
                AppendRecord(FromJson(nested(kMaxValueDepth - 5)), &records);
                return records;
              }())
                  .ok());
  EXPECT_THAT(WhyNot(nested(kMaxValueDepth)), StartsWith("nested deeper than"));
  EXPECT_THAT(WhyNot(nested(100'000)), StartsWith("nested deeper than"));
}

TEST(EventTest, SendsTheCookbooksFiveEvents) {
  std::string all;
  for (const Event& event : SampleEvents(absl::UnixEpoch())) {
    all += event.logger + " " + event.level.name + " " +
           event.body.get<std::string>() + "\n";
  }
  EXPECT_EQ(all,
            "root INFO Jackdaws love my big sphinx of quartz.\n"
            "myapp.area1 DEBUG Quick zephyrs blow, vexing daft Jim.\n"
            "myapp.area1 INFO How quickly daft jumping zebras vex.\n"
            "myapp.area2 WARNING Jail zesty vixen who grabbed pay from quack.\n"
            "myapp.area2 ERROR The five boxing wizards jump quickly.\n");
}

}  // namespace
}  // namespace logboom
