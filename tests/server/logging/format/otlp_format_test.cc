// Goal: a record that came by OTLP prints what its producer means. The event is
// filled by hand, as the reader of the journal fills it.
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"
#include "server/logging/format/formatter.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

class OtlpFormatTest : public testing::Test {
 protected:
  OtlpFormatTest() : record_(&encoded_) {}

  static GoldenValue Map(const char* pairs) {
    return GoldenValue(nlohmann::json{{"m", nlohmann::json::parse(pairs)}});
  }

  void Scope(const char* pairs) { scope_ = Map(pairs); }
  void Resource(const char* pairs) { resource_ = Map(pairs); }

  // The body, in the notation of the golden file.
  void Body(const char* json) {
    encoded_ += GoldenRecord({{"body", nlohmann::json::parse(json)},
                              {"attributes", nlohmann::json::array()}});
  }

  std::string Line(const std::string& format, bool otlp = true) {
    auto formatter = Formatter::Create({.format = format}, absl::UnixEpoch());
    EXPECT_TRUE(formatter.ok()) << formatter.status();
    const auto view = RecordView::Parse(encoded_);
    LogEvent event =
        MakeLogEvent(*view, resource_.value().dict(), absl::UnixEpoch(), 0);
    event.scope = scope_.value().dict();
    event.otlp = otlp;
    std::string out;
    (*formatter)->Format(event, &out);
    return out;
  }

  std::string encoded_;
  RecordWriter record_;
  GoldenValue scope_ = Map("[]");
  GoldenValue resource_ = Map("[]");
};

TEST_F(OtlpFormatTest, NamesAreLookedUpInTheRecordThenTheScopeThenTheResource) {
  Resource(R"([["a","resource"],["b","resource"],["c","resource"]])");
  Scope(R"([["a","scope"],["b","scope"]])");
  record_.Attribute("a", "record");
  EXPECT_EQ(Line("%(a)s %(b)s %(c)s"), "record scope resource");
}

TEST_F(OtlpFormatTest, OtelFieldsAreThoseOfPythonsInstrumentation) {
  const char* const format =
      "%(otelTraceID)s %(otelSpanID)s %(otelTraceSampled)s "
      "%(otelServiceName)s|";
  EXPECT_EQ(Line(format), "0 0 False |");
  Resource(R"([["service.name","cart"]])");
  record_.TraceId("\x01\xABzzzzzzzzzzzzz\xff");
  record_.SpanId("\xCDzzzzzzz");
  record_.Flags(0x101);
  EXPECT_EQ(Line(format),
            "01ab7a7a7a7a7a7a7a7a7a7a7a7a7aff cd7a7a7a7a7a7a7a True cart|");
  record_.Attribute("otelTraceID", "mine");
  EXPECT_EQ(Line("%(otelTraceID)s"), "mine");
}

TEST_F(OtlpFormatTest, IdsOfZerosOrOfAnotherLengthAreNone) {
  record_.TraceId(std::string(16, '\0'));
  record_.SpanId("short");
  EXPECT_EQ(Line("%(otelTraceID)s %(otelSpanID)s"), "0 0");
}

TEST_F(OtlpFormatTest, BodiesThatAreNoTextPrintAsJson) {
  Body(R"({"m":[["user","ana"],["n",[1,true,null]]]})");
  EXPECT_EQ(Line("%(message)s|%(msg)s"), R"({"user":"ana","n":[1,true,null]}|)"
                                         R"({"user":"ana","n":[1,true,null]})");
  // One of a Python record prints as Python has it.
  EXPECT_EQ(Line("%(message)s", false),
            "{'user': 'ana', 'n': [1, True, None]}");
}

TEST_F(OtlpFormatTest, TextIsTheMessageAndNothingIsMergedIntoIt) {
  Body(R"("%d of %d")");
  record_.AttributeInt("python.args", 5);
  EXPECT_EQ(Line("%(message)s"), "%d of %d");
}

TEST_F(OtlpFormatTest, EventWithoutABodyPrintsItsName) {
  record_.EventName("session.start");
  EXPECT_EQ(Line("%(message)s"), "session.start");
  EXPECT_EQ(Line("%(message)s", false), "");
  Body("null");
  EXPECT_EQ(Line("%(message)s|"), "|");
}

TEST_F(OtlpFormatTest, PlacesComeFromSemanticConventionsNewAndOld) {
  const char* const format = "%(pathname)s:%(lineno)d %(funcName)s %(module)s";
  record_.Attribute("code.filepath", "/old/f.js");
  record_.AttributeInt("code.lineno", 5);
  record_.Attribute("code.function", "old");
  record_.Attribute("code.namespace", "ignored");
  EXPECT_EQ(Line(format), "/old/f.js:5 old f");
  record_.Attribute("code.file.path", "/new/g.js");
  record_.AttributeInt("code.line.number", 6);
  record_.Attribute("code.function.name", "new");
  EXPECT_EQ(Line(format), "/new/g.js:6 new g");
}

TEST_F(OtlpFormatTest, ThreadIsTheRecordsAndProcessTheResources) {
  Resource(R"([["process.pid",77],["thread.id",1]])");
  record_.AttributeInt("thread.id", 9);
  record_.Attribute("thread.name", "worker");
  EXPECT_EQ(Line("%(thread)d %(threadName)s %(process)d"), "9 worker 77");
}

TEST_F(OtlpFormatTest, ExceptionIsItsTraceElseTheLineThatWouldEndOne) {
  Body(R"("m")");
  record_.Attribute("exception.message", "bad\nthing");
  EXPECT_EQ(Line("%(message)s"), "m\n    | bad\n    | thing");
  record_.Attribute("exception.type", "ValueError");
  EXPECT_EQ(Line("%(message)s"), "m\n    | ValueError: bad\n    | thing");
  record_.Attribute("exception.message", "");
  EXPECT_EQ(Line("%(message)s"), "m\n    | ValueError");
  record_.Attribute("exception.stacktrace", "");
  EXPECT_EQ(Line("%(message)s"), "m\n    | ValueError");
  record_.Attribute("exception.stacktrace", "trace\n");
  EXPECT_EQ(Line("%(message)s"), "m\n    | trace")
      << "OpenTelemetry's Python leaves the last line end on";
}

// They may be a Python record's extras, which CPython does not print.
TEST_F(OtlpFormatTest, ExceptionOfAnotherRecordIsItsTraceAlone) {
  Body(R"("m")");
  record_.Attribute("exception.type", "ValueError");
  record_.Attribute("exception.message", "bad");
  EXPECT_EQ(Line("%(message)s", false), "m");
  EXPECT_EQ(Line("%(message)s %(exception.type)s", false), "m ValueError");
}

TEST_F(OtlpFormatTest, LevelNameIsTheTextElseTheNumbers) {
  const char* const names[] = {
      "Level 2",  "Level 4",  "Level 5",  "Level 8",  "DEBUG",    "Level 11",
      "Level 12", "Level 13", "INFO",     "Level 21", "Level 22", "Level 23",
      "WARNING",  "Level 31", "Level 32", "Level 33", "ERROR",    "Level 41",
      "Level 42", "Level 43", "CRITICAL", "Level 51", "Level 52", "Level 53"};
  for (int number = 1; number <= 24; ++number) {
    record_.SeverityNumber(number);
    EXPECT_EQ(Line("%(levelname)s"), names[number - 1]) << number;
  }
  for (const int number : {25, -1, 1000}) {
    record_.SeverityNumber(number);
    EXPECT_EQ(Line("%(levelname)s %(levelno)d"), "INFO 20") << number;
  }
  record_.SeverityText("Notice");
  EXPECT_EQ(Line("%(levelname)s"), "Notice");
}

}  // namespace
}  // namespace logboom
