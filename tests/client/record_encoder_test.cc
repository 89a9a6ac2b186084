// Goal: a record becomes the LogRecord that protobuf's parser, the server's
// check and its view read as what was logged, in just the bytes announced.
#include "client/record_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/call_site.h"
#include "client/value_encoding.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/structure_check.h"
#include "tests/client/shown_values.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::SizeIs;

std::vector<std::string> ShowAttributes(const v1::LogRecord& record) {
  std::vector<std::string> shown;
  for (const v1::KeyValue& pair : record.attributes()) {
    shown.push_back(ShowPair(pair.key(), Show(pair.value())));
  }
  return shown;
}

class RecordEncoderTest : public ::testing::Test {
 protected:
  // As an element of a batch that the server's check accepts.
  std::string Encode(const Record& record, absl::string_view call_site = "",
                     const TraceContext* trace = nullptr,
                     absl::string_view logger = "shop.cart") {
    const RecordEncoding encoding(*levels_.GetLogger(logger), record, call_site,
                                  trace);
    std::vector<char> bytes(encoding.size() + 1, '!');
    encoding.Write(bytes.data());
    EXPECT_EQ(bytes.back(), '!') << "wrote too much";
    bytes.pop_back();
    std::string encoded(bytes.begin(), bytes.end());
    const auto summary = CheckBatch(encoded);
    EXPECT_TRUE(summary.ok()) << summary.status();
    if (summary.ok()) {
      EXPECT_EQ(summary->record_count, 1u);
    }
    return encoded;
  }

  v1::LogRecord Parse(const std::string& encoded) {
    v1::LogBatch batch;
    EXPECT_TRUE(batch.ParseFromString(encoded));
    EXPECT_EQ(batch.records_size(), 1);
    return batch.records_size() == 1 ? batch.records(0) : v1::LogRecord();
  }

  template <typename... Arguments>
  v1::LogRecord Decode(const Arguments&... arguments) {
    return Parse(Encode(arguments...));
  }

  LoggerLevels levels_{10};
};

std::string OwnThread() { return absl::StrCat("thread.id: ", gettid()); }

TEST_F(RecordEncoderTest, AllPartsOfARecord) {
  const Attribute attributes[] = {{"order", 17}, {"paid", true}};
  Record record;
  record.level = Level::kWarning;
  record.time = std::chrono::system_clock::time_point(
      std::chrono::nanoseconds(1'700'000'000'123'456'789));
  record.message = "payment \xE2\x82\xAC";
  record.attributes = attributes;
  record.file = "not looked at";
  const v1::LogRecord decoded =
      Decode(record, EncodeCallSite("a.cc", 12, "N::F"));
  EXPECT_EQ(decoded.time_unix_nano(), 1'700'000'000'123'456'789u);
  EXPECT_EQ(decoded.severity_number(), v1::SEVERITY_NUMBER_WARN);
  EXPECT_EQ(decoded.severity_text(), "WARNING");
  EXPECT_EQ(decoded.levelno(), 30);
  EXPECT_EQ(decoded.body().string_value(), "payment \xE2\x82\xAC");
  EXPECT_EQ(decoded.logger(), "shop.cart");
  EXPECT_THAT(ShowAttributes(decoded),
              ElementsAre("order: 17", "paid: true", "code.file.path: 'a.cc'",
                          "code.line.number: 12", "code.function.name: 'N::F'",
                          OwnThread()));
}

TEST_F(RecordEncoderTest, TheEmptyRecordHasABodyAndATime) {
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const v1::LogRecord decoded = Decode(Record());
  const auto after = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_GE(decoded.time_unix_nano(), static_cast<uint64_t>(before.count()));
  EXPECT_LE(decoded.time_unix_nano(), static_cast<uint64_t>(after.count()));
  EXPECT_TRUE(decoded.body().has_string_value());
  EXPECT_EQ(decoded.body().string_value(), "");
  EXPECT_THAT(ShowAttributes(decoded), ElementsAre(OwnThread()));
  EXPECT_EQ(decoded.trace_id(), "");
}

TEST_F(RecordEncoderTest, TheRootLoggerHasNoName) {
  EXPECT_EQ(Decode(Record(), "", nullptr, "root").logger(), "");
}

TEST_F(RecordEncoderTest, LevelsHavePythonsNamesAndOpenTelemetrysNumbers) {
  struct Case {
    int32_t levelno;
    const char* name;
    int severity;
  };
  for (const auto& [levelno, name, severity] :
       {Case{10, "DEBUG", 5}, Case{20, "INFO", 9}, Case{30, "WARNING", 13},
        Case{40, "ERROR", 17}, Case{50, "CRITICAL", 21}, Case{0, "NOTSET", 0},
        Case{25, "Level 25", 12}, Case{1, "Level 1", 1},
        Case{60, "Level 60", 24}, Case{-10, "Level -10", 0},
        Case{INT32_MAX, "Level 2147483647", 24},
        Case{INT32_MIN, "Level -2147483648", 0}}) {
    SCOPED_TRACE(name);
    Record record;
    record.level = Level{levelno};
    const v1::LogRecord decoded = Decode(record);
    EXPECT_TRUE(decoded.has_levelno());
    EXPECT_EQ(decoded.levelno(), levelno);
    EXPECT_EQ(decoded.severity_text(), name);
    EXPECT_EQ(decoded.severity_number(), severity);
  }
}

TEST_F(RecordEncoderTest, ASourcesOwnLevelNameStandsInPlaceOfPythons) {
  Record record;
  record.level = Level::kInfo;
  record.level_name = "notice";
  const v1::LogRecord decoded = Decode(record);
  EXPECT_EQ(decoded.severity_text(), "notice");
  EXPECT_EQ(decoded.severity_number(), v1::SEVERITY_NUMBER_INFO);
  EXPECT_EQ(decoded.levelno(), 20);
}

TEST_F(RecordEncoderTest, TheThreadIsTheCallingOneUnlessTheRecordNamesIt) {
  Record record;
  EXPECT_THAT(ShowAttributes(Decode(record)), ElementsAre(OwnThread()));
  EXPECT_THAT(ShowAttributes(Decode(record)), ElementsAre(OwnThread()));
  std::thread([&] {
    EXPECT_THAT(ShowAttributes(Decode(record)), ElementsAre(OwnThread()));
  }).join();
  record.thread_id = 5;
  EXPECT_THAT(ShowAttributes(Decode(record)), ElementsAre("thread.id: 5"));
  record.thread_id = INT64_MAX;
  EXPECT_THAT(ShowAttributes(Decode(record)),
              ElementsAre("thread.id: 9223372036854775807"));
}

TEST_F(RecordEncoderTest, ATraceIsInItsOwnFields) {
  TraceContext trace;
  trace.trace_id.fill(0xab);
  trace.span_id.fill(0xcd);
  trace.flags = 1;
  const v1::LogRecord decoded = Decode(Record(), "", &trace);
  EXPECT_EQ(decoded.trace_id(), std::string(16, '\xab'));
  EXPECT_EQ(decoded.span_id(), std::string(8, '\xcd'));
  EXPECT_EQ(decoded.flags(), 1u);
  EXPECT_EQ(decoded.logger(), "shop.cart");
}

TEST_F(RecordEncoderTest, ATraceOfZerosIsNone) {
  TraceContext trace;
  trace.span_id.fill(1);
  trace.flags = 1;
  const v1::LogRecord decoded = Decode(Record(), "", &trace);
  EXPECT_EQ(decoded.trace_id(), "");
  EXPECT_EQ(decoded.span_id(), "");
  EXPECT_EQ(decoded.flags(), 0u);
}

TEST_F(RecordEncoderTest, LongMessagesOfEveryLengthOfLength) {
  for (const size_t size :
       {1, 60, 124, 125, 126, 127, 128, 129, 16380, 16384, 300000}) {
    const std::string message(size, 'm');
    Record record;
    record.message = message;
    EXPECT_EQ(Decode(record).body().string_value(), message);
  }
}

TEST_F(RecordEncoderTest, InvalidUtf8IsKept) {
  const Attribute attributes[] = {{"\xff", "\xfe"}};
  Record record;
  record.message = "\x80";
  record.attributes = attributes;
  const std::string encoded = Encode(record, "", nullptr, "a\xff");
  BatchView batch(encoded);
  ASSERT_TRUE(batch.Next());
  const auto view = RecordView::Parse(batch.record());
  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_EQ(view->body->string_value(), "\x80");
  EXPECT_EQ(view->logger, "a\xff");
  EXPECT_EQ(ShowPairs(view->attributes())[0], "\\xff: '\\xfe'");
}

TEST_F(RecordEncoderTest, AValueNestedTooDeeplyMakesTheRecordImpossible) {
  std::vector<Value> nested(kMaxValueDepth + 1);
  for (size_t i = 1; i < nested.size(); ++i) {
    nested[i] = Value::Array(std::span(&nested[i - 1], 1));
  }
  const Attribute attributes[] = {{"a", 1}, {"deep", nested.back()}, {"b", 1}};
  Record record;
  record.attributes = attributes;
  EXPECT_GE(RecordEncoding(*levels_.GetLogger("a"), record, "", nullptr).size(),
            kImpossibleSize);
}

TEST_F(RecordEncoderTest, RandomRecords) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    RandomValues values(seed);
    std::vector<Attribute> attributes(seed % 7);
    std::vector<std::string> expected;
    for (Attribute& attribute : attributes) {
      attribute = {values.Text(), values.Any(4)};
      expected.push_back(ShowPair({attribute.key.data(), attribute.key.size()},
                                  Show(attribute.value)));
    }
    expected.push_back(OwnThread());
    Record record;
    record.level = Level{static_cast<int32_t>(seed % 60)};
    record.message = values.Text();
    record.attributes = attributes;
    const v1::LogRecord decoded = Decode(record);
    ASSERT_EQ(decoded.body().string_value(), record.message);
    ASSERT_EQ(ShowAttributes(decoded), expected);
  }
}

struct NoOrder : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the attributes of an exception are, type, message and stacktrace.
std::vector<std::string> Described(const std::exception& exception) {
  v1::LogRecord record;
  EXPECT_TRUE(record.ParseFromString(EncodeException(exception)));
  std::vector<std::string> described;
  for (const char* key :
       {"exception.type", "exception.message", "exception.stacktrace"}) {
    const int index = static_cast<int>(described.size());
    if (index >= record.attributes_size()) break;
    EXPECT_EQ(record.attributes(index).key(), key);
    described.push_back(record.attributes(index).value().string_value());
  }
  return described;
}

template <typename Throw>
std::vector<std::string> DescribedWhenThrown(const Throw& throw_it) {
  try {
    throw_it();
  } catch (const std::exception& exception) {
    return Described(exception);
  }
  return {};
}

TEST_F(RecordEncoderTest, AnExceptionIsInTheConventionsAttributes) {
  const std::out_of_range exception("map::at");
  Record record;
  record.exception = &exception;
  EXPECT_THAT(
      ShowAttributes(Decode(record)),
      ElementsAre(OwnThread(), "exception.type: 'std::out_of_range'",
                  "exception.message: 'map::at'",
                  "exception.stacktrace: 'std::out_of_range: map::at'"));
}

TEST(EncodeExceptionTest, TheTypeIsTheOneThrown) {
  EXPECT_THAT(Described(NoOrder("17")), ElementsAre(EndsWith("::NoOrder"), "17",
                                                    EndsWith("NoOrder: 17")));
}

TEST(EncodeExceptionTest, WithoutAText) {
  struct Silent : std::exception {
    const char* what() const noexcept override { return nullptr; }
  };
  EXPECT_THAT(Described(Silent()),
              ElementsAre(EndsWith("Silent"), "", EndsWith("Silent: ")));
}

TEST(EncodeExceptionTest, NestedCausesAreALineEach) {
  const auto described = DescribedWhenThrown([] {
    try {
      try {
        throw std::out_of_range("map::at");
      } catch (...) {
        std::throw_with_nested(std::logic_error("no price"));
      }
    } catch (...) {
      std::throw_with_nested(std::runtime_error("no order"));
    }
  });
  EXPECT_THAT(described, ElementsAre("std::runtime_error", "no order",
                                     "std::runtime_error: no order\n"
                                     "caused by std::logic_error: no price\n"
                                     "caused by std::out_of_range: map::at"));
}

TEST(EncodeExceptionTest, ACauseOfAnotherKindIsSaidToBeOne) {
  const auto described = DescribedWhenThrown([] {
    try {
      throw 5;
    } catch (...) {
      std::throw_with_nested(std::runtime_error("no order"));
    }
  });
  ASSERT_THAT(described, SizeIs(3));
  EXPECT_EQ(described[2],
            "std::runtime_error: no order\n"
            "caused by an exception of another kind");
}

TEST(EncodeExceptionTest, ANestedExceptionMayHaveNoCause) {
  const auto described = DescribedWhenThrown(
      [] { std::throw_with_nested(std::runtime_error("no order")); });
  EXPECT_THAT(described, ElementsAre("std::runtime_error", "no order",
                                     "std::runtime_error: no order"));
}

void ThrowNested(int causes) {
  if (causes == 0) throw std::runtime_error("innermost");
  try {
    ThrowNested(causes - 1);
  } catch (...) {
    std::throw_with_nested(std::runtime_error("outer"));
  }
}

TEST(EncodeExceptionTest, AnEndlessChainIsCut) {
  const auto described = DescribedWhenThrown([] { ThrowNested(300); });
  ASSERT_THAT(described, SizeIs(3));
  const std::vector<std::string> lines = absl::StrSplit(described[2], '\n');
  EXPECT_THAT(lines, SizeIs(100));
  EXPECT_FALSE(absl::StrContains(described[2], "innermost"));
}

}  // namespace
}  // namespace logboom
