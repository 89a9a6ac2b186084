#include "server/logging/format/formatter.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

// generate.py's START: 1700000000.25 seconds.
const absl::Time kStart = absl::FromUnixMillis(1700000000250);

std::unique_ptr<Formatter> Make(std::string format,
                                Newlines newlines = Newlines::kIndent,
                                std::string datefmt = "") {
  auto formatter = Formatter::Create(
      {.format = format, .datefmt = datefmt, .newlines = newlines}, kStart);
  EXPECT_TRUE(formatter.ok()) << formatter.status();
  return *std::move(formatter);
}

std::string Line(Formatter* formatter, const std::string& encoded,
                 MapView resource = MapView()) {
  const auto record = RecordView::Parse(encoded);
  EXPECT_TRUE(record.ok()) << record.status();
  std::string out = "the record above\n";
  const size_t before = out.size();
  formatter->Format(
      MakeLogEvent(*record, resource, absl::FromUnixSeconds(1700000009), 7),
      &out);
  EXPECT_EQ(out.substr(0, before), "the record above\n");
  return out.substr(before);
}

std::string LineOf(const std::string& format, const std::string& encoded,
                   Newlines newlines = Newlines::kIndent) {
  return Line(Make(format, newlines).get(), encoded);
}

std::string Message(absl::string_view text) {
  std::string encoded;
  RecordWriter(&encoded).BodyText(text);
  return encoded;
}

std::string Refusal(const std::string& format) {
  const auto formatter = Formatter::Create({.format = format}, kStart);
  return formatter.ok() ? "" : std::string(formatter.status().message());
}

TEST(FormatterTest, WritesTheLineThatPythonsFormatterWrites) {
  const auto& records = GoldenCases("records");
  int compared = 0;
  for (const auto& golden : GoldenCases("lines")) {
    const ScopedTimeZone zone(golden[0]);
    const auto formatter = Make(golden[1], Newlines::kRaw, golden[2]);
    const std::string record = GoldenRecord(records[golden[3].get<int>()]);
    ASSERT_EQ(Line(formatter.get(), record), golden[4].get<std::string>())
        << golden;
    EXPECT_EQ(formatter->missing_fields(), 0) << golden;
    ++compared;
  }
  EXPECT_GT(compared, 400);
}

TEST(FormatterTest, AcceptsTheFormatsThatPythonCanUse) {
  for (const auto& golden : GoldenCases("formats")) {
    const std::string format = golden[0];
    EXPECT_EQ(Refusal(format).empty(), golden[1].get<bool>())
        << format << ": " << Refusal(format);
  }
}

TEST(FormatterTest, RefusalsSayWhatIsWrongAndWhere) {
  EXPECT_THAT(Refusal("%(a)s %(b)y"),
              HasSubstr("format '%(a)s %(b)y': character 10: unsupported "
                        "conversion 'y'; accepted: d i o u x X"));
  EXPECT_THAT(Refusal("%(a)s %s"), HasSubstr("character 6: '%s' has no name"));
  EXPECT_THAT(Refusal("%(a)*d"), HasSubstr("character 0: '%(a)*d' has a *"));
  EXPECT_THAT(Refusal("%%"), HasSubstr("no field"));
  // As logging.Formatter, whose check knows words only.
  EXPECT_THAT(Refusal("%(http.method)s"), HasSubstr("one-word name"));
  EXPECT_EQ(Formatter::Create({.datefmt = "\xff"}, kStart).status().message(),
            "datefmt: byte 0 is not UTF-8");
}

TEST(FormatterTest, RecordOfAnotherSourcePrintsTheDefaults) {
  const ScopedTimeZone zone("UTC");
  EXPECT_EQ(
      LineOf("%(name)s|%(levelname)s|%(levelno)d|%(pathname)s|%(filename)s|"
             "%(module)s|%(lineno)d|%(funcName)s|%(thread)d|%(threadName)s|"
             "%(process)d|%(processName)s|%(taskName)s|%(args)s|%(exc_info)s|"
             "%(exc_text)s|%(stack_info)s|%(msg)s|%(message)s",
             ""),
      "root|INFO|20||||0|None|0|None|0|None|None|None|None|None|None||");
  EXPECT_EQ(LineOf("%(created)r %(msecs)r %(relativeCreated)r %(asctime)s", ""),
            "1700000009.0 0.0 8750.0 2023-11-14 22:13:29,000");
}

TEST(FormatterTest, TimesFallBackFromEventToObservedToReceived) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.ObservedTime(1700000001500000000);
  EXPECT_EQ(LineOf("%(created)r %(msecs)r", encoded), "1700000001.5 500.0");
  record.Time(1700000002750000000);
  EXPECT_EQ(LineOf("%(created)r %(msecs)r", encoded), "1700000002.75 750.0");
}

TEST(FormatterTest, LevelNameIsTheSourcesOwnElseTheLevels) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.SeverityNumber(17);
  EXPECT_EQ(LineOf("%(levelname)s %(levelno)d", encoded), "ERROR 40");
  record.SeverityText("Oops");
  EXPECT_EQ(LineOf("%(levelname)s %(levelno)d", encoded), "Oops 40");
  record.Levelno(35);
  EXPECT_EQ(LineOf("%(levelname)s %(levelno)d", encoded), "Oops 35");
  std::string numbered;
  RecordWriter(&numbered).Levelno(35);
  EXPECT_EQ(LineOf("%(levelname)s", numbered), "Level 35");
}

TEST(FormatterTest, OlderOpenTelemetryNamesServeWhereTheNewerLack) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.Attribute("code.filepath", "/src/a.b.c");
  record.AttributeInt("code.lineno", 5);
  record.Attribute("code.function", "old");
  EXPECT_EQ(LineOf("%(pathname)s %(filename)s %(module)s %(lineno)d "
                   "%(funcName)s",
                   encoded),
            "/src/a.b.c a.b.c a.b 5 old");
  record.Attribute("code.function.name", "new");
  EXPECT_EQ(LineOf("%(funcName)s", encoded), "new");
}

TEST(FormatterTest, AttributesPrintByNameAndTheLastOfEqualNamesCounts) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.Attribute("http.request.method", "PUT");
  record.AttributeInt("n", 1);
  record.AttributeInt("n", 2);
  record.Attribute("name", "not the logger's");
  EXPECT_EQ(LineOf("%(http.request.method)s %(n)03d %(name)s", encoded),
            "PUT 002 root");
}

TEST(FormatterTest, ResourceServesWhatTheRecordLacks) {
  std::string resource;
  MessageWriter message(&resource);
  for (const char* key : {"service.name", "process.pid"}) {
    const OpenField pair = message.Begin(1);
    message.Bytes(1, key);
    const OpenField value = message.Begin(2);
    if (key[0] == 's') {
      ValueWriter(&message).String("cart");
    } else {
      ValueWriter(&message).Int(77);
    }
    message.End(value);
    message.End(pair);
  }
  const auto formatter = Make("%(service.name)s %(process)d %(message)s");
  EXPECT_EQ(Line(formatter.get(), Message("m"), MapView(resource, 1)),
            "cart 77 m");
  std::string own = Message("m");
  RecordWriter(&own).AttributeInt("process.pid", 5);
  EXPECT_EQ(Line(formatter.get(), own, MapView(resource, 1)), "cart 5 m");
}

TEST(FormatterTest, TraceAndSpanIdsPrintAsHexadecimal) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.TraceId("\x01\x23zzzzzzzzzzzzz\xff");
  record.SpanId("\xabzzzzzzz");
  EXPECT_EQ(LineOf("%(trace_id)s %(span_id)s", encoded),
            "01237a7a7a7a7a7a7a7a7a7a7a7a7aff ab7a7a7a7a7a7a7a");
}

TEST(FormatterTest, FieldsThatTheRecordLacksPrintAsWrittenAndAreCounted) {
  const auto formatter = Make("%(x)-5s|%(message)d|%(message)s");
  testing::internal::CaptureStderr();
  EXPECT_EQ(Line(formatter.get(), Message("m")), "%(x)-5s|%(message)d|m");
  EXPECT_EQ(Line(formatter.get(), Message("n")), "%(x)-5s|%(message)d|n");
  const std::string diagnostics = testing::internal::GetCapturedStderr();
  EXPECT_EQ(formatter->missing_fields(), 4);
  EXPECT_THAT(diagnostics, HasSubstr("no value for %(x)-5s"));
  EXPECT_EQ(std::count(diagnostics.begin(), diagnostics.end(), '\n'), 1);
}

TEST(FormatterTest, AsctimeThatCannotBeMadePrintsAsWritten) {
  std::string encoded = Message("m");
  RecordWriter(&encoded).Attribute("msecs", "soon");
  const auto formatter = Make("%(asctime)s");
  EXPECT_EQ(Line(formatter.get(), encoded), "%(asctime)s");
  EXPECT_EQ(Line(formatter.get(), Message("m")).size(),
            absl::string_view("2023-11-14 22:13:29,000").size());
}

TEST(FormatterTest, ArgsThatDoNotFitLeaveTheMessageAsItIs) {
  std::string encoded = Message("%d of %d");
  RecordWriter(&encoded).Attribute("python.args", "x");
  EXPECT_EQ(LineOf("%(message)s", encoded), "%d of %d");
}

TEST(FormatterTest, MergedMessageKeepsItsTemplateAsMsg) {
  std::string encoded = Message("a of 3");
  RecordWriter record(&encoded);
  record.Attribute("python.msg", "%s of %d");
  record.Attribute("python.args", "whatever");
  EXPECT_EQ(LineOf("%(msg)s -> %(message)s", encoded), "%s of %d -> a of 3");
}

// An exception without a trace has no text that Python would print.
TEST(FormatterTest, OnlyAStackTraceIsAppended) {
  std::string encoded = Message("m");
  RecordWriter record(&encoded);
  record.Attribute("exception.type", "E");
  record.Attribute("exception.message", "bad");
  EXPECT_EQ(LineOf("%(message)s", encoded), "m");
  record.Attribute("exception.stacktrace", "T1\nT2");
  EXPECT_EQ(LineOf("%(message)s", encoded), "m\n    | T1\n    | T2");
  EXPECT_EQ(LineOf("%(message)s", encoded, Newlines::kEscape), "m\\nT1\\nT2");
}

TEST(FormatterTest, LineBreakBeforeATraceIsOnlyAddedWhereNoneIs) {
  std::string encoded = Message("m\n");
  RecordWriter record(&encoded);
  record.Attribute("exception.stacktrace", "T\n");
  record.Attribute("stack_info", "S");
  EXPECT_EQ(LineOf("%(message)s", encoded), "m\n    | T\n    | S");
  EXPECT_EQ(LineOf("%(message)s", encoded, Newlines::kEscape), "m\\nT\\nS");
  EXPECT_EQ(LineOf("%(message)s", encoded, Newlines::kRaw), "m\nT\nS");
}

TEST(FormatterTest, PaddingBehindALineBreakEndsTheLineAnew) {
  std::string encoded = Message("m\n");
  RecordWriter(&encoded).Attribute("exception.stacktrace", "T");
  EXPECT_EQ(LineOf("%(message)4s", encoded, Newlines::kRaw), "  m\nT");
  EXPECT_EQ(LineOf("%(message)-4s", encoded, Newlines::kRaw), "m\n  \nT");
  EXPECT_EQ(LineOf("%(message)s%(e)2s", encoded, Newlines::kRaw),
            "m\n%(e)2s\nT");
  RecordWriter(&encoded).Attribute("e", "");
  EXPECT_EQ(LineOf("%(message)s%(e)2s", encoded, Newlines::kRaw), "m\n  \nT");
  EXPECT_EQ(LineOf("%(message)s%(e)s", encoded, Newlines::kRaw), "m\nT");
}

// Goal: whatever a record holds, each of its lines but the first begins with
// the continuation mark, and the first does not. Method: texts that try to look
// like another record, or like a part of the one above, in every field.
TEST(FormatterTest, NoRecordCanLookLikeTwoOrLikeAPartOfAnother) {
  const std::string forged = "2024-01-01 CRITICAL root all is lost";
  const std::vector<std::string> attempts = {
      "x\n" + forged,         "x\r" + forged,      "x\r\n" + forged,
      "x\v" + forged,         "x\f" + forged,      "x\u0085" + forged,
      "x\u2028" + forged,     "x\x1b[2K" + forged, "\n" + forged,
      "    | " + forged,      "x\n\n\n" + forged,  "x\n    | y\n" + forged,
      "x\x1e" + forged + "\n"};
  for (const std::string format :
       {"%(message)s", "%(levelname)s %(message)s", "%(e)s", "%(message)50s",
        "%(name)s\n%(message)s", "%(name)s\n%(e)-3s\n", "%(message).400s"}) {
    for (const std::string& attempt : attempts) {
      std::string record = Message(attempt);
      RecordWriter writer(&record);
      writer.Attribute("e", attempt);
      writer.Logger(attempt);
      writer.Attribute("exception.stacktrace", attempt);
      writer.Attribute("stack_info", attempt);
      const std::string text = LineOf(format, record);
      SCOPED_TRACE(absl::StrCat(format, " of ", attempt, " gave ", text));
      const std::vector<std::string> lines = absl::StrSplit(text, '\n');
      EXPECT_FALSE(absl::StartsWith(lines[0], "    | "));
      for (size_t i = 1; i < lines.size(); ++i) {
        EXPECT_TRUE(absl::StartsWith(lines[i], "    | ")) << i;
      }
      for (const char* hazard :
           {"\r", "\v", "\f", "\x1b", "\x1e", "\u0085", "\u2028"}) {
        EXPECT_FALSE(absl::StrContains(text, hazard));
      }
    }
  }
}

TEST(FormatterTest, EscapeModeGivesOneLineARecord) {
  std::string record = Message("x\n2024-01-01 CRITICAL forged\t\\n");
  RecordWriter(&record).Attribute("exception.stacktrace", "T1\nT2\n");
  EXPECT_EQ(LineOf("%(levelname)s\t%(message)s", record, Newlines::kEscape),
            "INFO\tx\\n2024-01-01 CRITICAL forged\\t\\\\n\\nT1\\nT2\\n");
}

// Of a format with line breaks of its own, the lines after the first are
// marked: what stands there may be a record's.
TEST(FormatterTest, LineBreaksOfTheFormatAreMarkedButWhereRaw) {
  const std::string format = "%(levelname)s\n\t%(message)s\n";
  const std::string record = Message("    | m");
  EXPECT_EQ(LineOf(format, record), "INFO\n    | \t    | m\n    | ");
  EXPECT_EQ(LineOf(format, record, Newlines::kEscape),
            "INFO\n    | \t    | m\n    | ");
  EXPECT_EQ(LineOf(format, record, Newlines::kRaw), "INFO\n\t    | m\n");
}

TEST(FormatterTest, FirstLineThatLooksContinuedIsEscaped) {
  const std::string record = Message("    | m");
  EXPECT_EQ(LineOf("%(message)s", record), "\\x20   | m");
  EXPECT_EQ(LineOf("%(message)s", record, Newlines::kEscape), "    | m");
  EXPECT_EQ(LineOf("%(message)7s\n", Message("| m"), Newlines::kEscape),
            "\\x20   | m\n    | ");
}

TEST(FormatterTest, BytesThatAreNotUtf8AreEscapedInEveryMode) {
  for (const Newlines mode :
       {Newlines::kIndent, Newlines::kEscape, Newlines::kRaw}) {
    EXPECT_EQ(LineOf("%(message)5s", Message("a\xff"), mode), "   a\\xff");
  }
}

TEST(LogEventTest, RootHasNoNameAndOthersKeepTheirs) {
  for (const char* name : {"", "root"}) {
    std::string encoded;
    RecordWriter(&encoded).Logger(name);
    const auto record = RecordView::Parse(encoded);
    EXPECT_EQ(MakeLogEvent(*record, MapView(), absl::Now(), 0).logger, "");
  }
  std::string encoded;
  RecordWriter(&encoded).Logger("root.a");
  const auto record = RecordView::Parse(encoded);
  EXPECT_EQ(MakeLogEvent(*record, MapView(), absl::Now(), 0).logger, "root.a");
}

TEST(LogEventTest, LevelnoIsTheRecordsElseFromNumberElseFromTextElseInfo) {
  std::string encoded;
  RecordWriter record(&encoded);
  const auto levelno = [&encoded] {
    const auto view = RecordView::Parse(encoded);
    return MakeLogEvent(*view, MapView(), absl::Now(), 0).levelno;
  };
  EXPECT_EQ(levelno(), 20);
  record.SeverityText("warn");
  EXPECT_EQ(levelno(), 30);
  record.SeverityNumber(99);
  EXPECT_EQ(levelno(), 30) << "99 is no severity";
  record.SeverityNumber(17);
  EXPECT_EQ(levelno(), 40);
  record.Levelno(0);
  EXPECT_EQ(levelno(), 0);
}

}  // namespace
}  // namespace logboom
