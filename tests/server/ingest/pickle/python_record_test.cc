#include "server/ingest/pickle/python_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "proto/wire/structure_check.h"
#include "tests/server/ingest/pickle/record_json.h"

namespace logboom {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// A dict in protocol 0: what `pairs` says between MARK and DICT.
std::string Dict(absl::string_view pairs) {
  return absl::StrCat("(", pairs, "d.");
}

// One pair of it; `value` is a piece of pickle.
std::string Pair(absl::string_view key, absl::string_view value) {
  return absl::StrCat("V", key, "\n", value);
}

// The four keys that are None in nearly every record.
std::string Nones() {
  return Pair("args", "N") + Pair("exc_info", "N") + Pair("exc_text", "N") +
         Pair("stack_info", "N");
}

absl::Status Decode(absl::string_view pickle, std::string* record,
                    const PythonRecordOptions& options = {}) {
  return PythonRecordDecoder(options).Decode(pickle, record);
}

// The record of a dict with these pairs and the usual Nones.
json RecordOf(absl::string_view pairs,
              const PythonRecordOptions& options = {}) {
  std::string record;
  const absl::Status status =
      Decode(Dict(absl::StrCat(Nones(), pairs)), &record, options);
  if (!status.ok()) return status.ToString();
  EXPECT_TRUE(CheckRecord(record).ok());
  return RecordJson(*RecordView::Parse(record));
}

// The record with nothing but attributes.
json Only(const json& attributes) { return {{"attributes", attributes}}; }

TEST(PythonRecordTest, AnEmptyDictIsAnEmptyRecord) {
  EXPECT_EQ(RecordOf(""), Only(json::object()));
}

TEST(PythonRecordTest, MapsEachKeyOfALogRecord) {
  const json record = RecordOf(
      Pair("name", "Vshop.cart\n") + Pair("msg", "Vhi\n") +
      Pair("levelno", "I30\n") + Pair("levelname", "VWARNING\n") +
      Pair("pathname", "V/srv/a.py\n") + Pair("filename", "Va.py\n") +
      Pair("module", "Va\n") + Pair("lineno", "I7\n") +
      Pair("funcName", "Vf\n") + Pair("created", "F1700000000.25\n") +
      Pair("msecs", "F250.0\n") + Pair("relativeCreated", "F1.5\n") +
      Pair("thread", "L140735300000000L\n") + Pair("threadName", "VMain\n") +
      Pair("process", "I42\n") + Pair("processName", "VP\n") +
      Pair("taskName", "N") + Pair("order_id", "I9\n"));
  const json expected = {{"logger", {"s", "shop.cart"}},
                         {"body", {"s", "hi"}},
                         {"levelno", 30},
                         {"severity_number", 13},
                         {"severity_text", {"s", "WARNING"}},
                         {"time", "1700000000250000000"},
                         {"attributes",
                          {{"code.file.path", {"s", "/srv/a.py"}},
                           {"code.line.number", {"i", "7"}},
                           {"code.function.name", {"s", "f"}},
                           {"thread.id", {"i", "140735300000000"}},
                           {"thread.name", {"s", "Main"}},
                           {"process.pid", {"i", "42"}},
                           {"processName", {"s", "P"}},
                           {"filename", {"s", "a.py"}},
                           {"module", {"s", "a"}},
                           {"msecs", {"d", "406f400000000000"}},
                           {"relativeCreated", {"d", "3ff8000000000000"}},
                           {"taskName", nullptr},
                           {"order_id", {"i", "9"}}}}};
  EXPECT_EQ(record, expected);
}

TEST(PythonRecordTest, TextsOfExceptionsAndStacksHaveTheirPlaces) {
  EXPECT_EQ(RecordOf(Pair("exc_text", "Vboom\n") + Pair("stack_info", "Vs\n") +
                     Pair("exc_info", "I1\n")),
            Only({{"exception.stacktrace", {"s", "boom"}},
                  {"stack_info", {"s", "s"}},
                  {"exc_info", {"i", "1"}}}));
}

TEST(PythonRecordTest, TheBodyIsOfAnyType) {
  EXPECT_EQ(RecordOf(Pair("msg", "I5\n"))["body"], json({"i", "5"}));
  EXPECT_EQ(RecordOf(Pair("msg", "V\n"))["body"], json({"s", ""}));
  const json none = RecordOf(Pair("msg", "N"));
  EXPECT_TRUE(none.contains("body") && none["body"].is_null());
  EXPECT_FALSE(RecordOf("").contains("body"));
}

TEST(PythonRecordTest, ValuesOfOddTypesAreKeptUnderThePythonName) {
  for (const char* key :
       {"name", "levelname", "pathname", "funcName", "threadName"}) {
    const std::string original = absl::StrCat("python.", key);
    EXPECT_EQ(RecordOf(Pair(key, "I7\n")), Only({{original, {"i", "7"}}}));
    EXPECT_EQ(RecordOf(Pair(key, "N")), Only({{original, nullptr}}));
  }
  for (const char* key :
       {"levelno", "lineno", "thread", "process", "created"}) {
    const std::string original = absl::StrCat("python.", key);
    EXPECT_EQ(RecordOf(Pair(key, "V7\n")), Only({{original, {"s", "7"}}}));
    EXPECT_EQ(RecordOf(Pair(key, "I01\n")), Only({{original, {"b", true}}}));
    EXPECT_EQ(RecordOf(Pair(key, "N")), Only({{original, nullptr}}));
  }
  EXPECT_EQ(RecordOf(Pair("exc_text", "I7\n")),
            Only({{"python.exc_text", {"i", "7"}}}));
  EXPECT_EQ(RecordOf(Pair("args", "I7\n")),
            Only({{"python.args", {"i", "7"}}}));
}

TEST(PythonRecordTest, EmptyNamesAreNotTheSameAsNone) {
  EXPECT_EQ(RecordOf(Pair("name", "V\n")), Only({{"python.name", {"s", ""}}}));
  EXPECT_EQ(RecordOf(Pair("levelname", "V\n")),
            Only({{"python.levelname", {"s", ""}}}));
}

TEST(PythonRecordTest, ClampsALevelAndKeepsIt) {
  const json high = RecordOf(Pair("levelno", "I5000000000\n"));
  EXPECT_EQ(high["levelno"], 2147483647);
  EXPECT_EQ(high["severity_number"], 24);
  EXPECT_EQ(high["attributes"]["python.levelno"], json({"i", "5000000000"}));
  EXPECT_EQ(RecordOf(Pair("levelno", "L-99999999999999999999L\n"))["levelno"],
            -2147483648);
  EXPECT_EQ(RecordOf(Pair("levelno", "I0\n"))["levelno"], 0);
}

TEST(PythonRecordTest, TellsAbsentKeysFromNone) {
  std::string record;
  ASSERT_TRUE(Decode(Dict(Pair("exc_info", "N")), &record).ok());
  EXPECT_EQ(RecordJson(*RecordView::Parse(record)), Only(json::parse(R"({
    "python.absent": ["a", [["s", "args"], ["s", "exc_text"],
                            ["s", "stack_info"]]]})")));
}

TEST(PythonRecordTest, ExtrasCannotTakeAPlaceThatIsNotTheirs) {
  for (const char* key :
       {"code.file.path", "code.line.number", "code.function.name", "thread.id",
        "thread.name", "process.pid", "exception.stacktrace", "python.levelno",
        "python.", "python.extra.x", "python.pairs"}) {
    EXPECT_EQ(RecordOf(Pair(key, "I7\n")),
              Only({{absl::StrCat("python.extra.", key), {"i", "7"}}}));
  }
  EXPECT_EQ(RecordOf(Pair("__py__", "I7\n")), Only({{"__py__", {"i", "7"}}}));
  EXPECT_EQ(RecordOf(Pair("python", "I7\n")), Only({{"python", {"i", "7"}}}));
}

TEST(PythonRecordTest, KeysThatAreNotStringsAreKept) {
  EXPECT_EQ(RecordOf("I1\nVone\nNVnone\n"), Only(json::parse(R"({
    "python.pairs": ["a", [["a", [["i", "1"], ["s", "one"]]],
                           ["a", [null, ["s", "none"]]]]]})")));
}

TEST(PythonRecordTest, TheLastOfEqualKeysCounts) {
  EXPECT_EQ(RecordOf(Pair("levelno", "Vx\n") + Pair("levelno", "I20\n")),
            RecordOf(Pair("levelno", "I20\n")));
}

TEST(PythonRecordTest, AConfiguredLoggerTakesEveryRecord) {
  const PythonRecordOptions options{.logger = "from.tcp"};
  const json expected = {{"logger", {"s", "from.tcp"}},
                         {"attributes", {{"python.name", {"s", "shop"}}}}};
  EXPECT_EQ(RecordOf(Pair("name", "Vshop\n"), options), expected);
  EXPECT_EQ(RecordOf("", options)["logger"], json({"s", "from.tcp"}));
}

TEST(PythonRecordTest, TakesAPickledLogRecordAndASubclassOfDict) {
  const std::string dict = absl::StrCat("(", Nones(), Pair("msg", "Vhi\n"));
  for (const std::string& pickle :
       {absl::StrCat("ccopy_reg\n_reconstructor\n(clogging\nLogRecord\n"
                     "c__builtin__\nobject\nNtR",
                     dict, "db."),
        absl::StrCat("clogging\nLogRecord\n)\x81", dict, "db."),
        absl::StrCat("clogging\nLogRecord\n)R", dict, "u.")}) {
    std::string record;
    ASSERT_TRUE(Decode(pickle, &record).ok());
    const json got = RecordJson(*RecordView::Parse(record));
    EXPECT_EQ(got["body"], json({"s", "hi"}));
    EXPECT_EQ(got["attributes"],
              json({{"python.class", {"s", "logging.LogRecord"}}}));
  }
}

TEST(PythonRecordTest, RefusesWhatIsNoRecord) {
  for (const char* pickle :
       {"N.", "I7\n.", "].", "(NNt.", "cos\nsystem\n.",
        "cos\nsystem\n(S'exit'\ntR.", "cm\nC\n(NtR(db.", "cm\nC\n)RNb.",
        "cm\nC\n)R(VkI1\nNub.", "cm\nC\n)R(Ne."}) {
    std::string record = "before";
    EXPECT_EQ(Decode(pickle, &record).code(),
              absl::StatusCode::kInvalidArgument)
        << pickle;
    EXPECT_EQ(record, "before");
  }
}

TEST(PythonRecordTest, NothingThatAnExtraWantsIsRun) {
  EXPECT_EQ(RecordOf(Pair("x", "cos\nsystem\n(S'exit'\ntR")),
            Only(json::parse(R"({
    "x": ["m", [["__py__", ["s", "os.system"]],
                ["args", ["a", [["s", "exit"]]]]]]})")));
}

TEST(PythonRecordTest, AContainerInsideItselfIsCut) {
  EXPECT_EQ(RecordOf(Pair("x", "(lp1\ng1\na")), Only(json::parse(R"({
    "x": ["a", [["m", [["__py__", ["s", "recursion"]],
                       ["value", ["s", "list"]]]]]]})")));
}

TEST(PythonRecordTest, SharedValuesAreWrittenAtEachPlace) {
  EXPECT_EQ(RecordOf(Pair("x", "(lp1\n") + Pair("y", "g1\n")),
            Only({{"x", {"a", json::array()}}, {"y", {"a", json::array()}}}));
}

// "Billion laughs": each list holds the one before ten times.
std::string Laughs(int levels) {
  std::string value = "(lp0\n";
  for (int i = 1; i < levels; ++i) {
    absl::StrAppend(&value, "0(");
    for (int j = 0; j < 10; ++j) absl::StrAppend(&value, "g", i - 1, "\n");
    absl::StrAppend(&value, "lp", i, "\n");
  }
  return value;
}

TEST(PythonRecordTest, AMemoBombIsRefused) {
  EXPECT_TRUE(RecordOf(Pair("x", Laughs(4))).is_object());
  EXPECT_THAT(RecordOf(Pair("x", Laughs(40))).get<std::string>(),
              HasSubstr("more than 100000 values"));
}

TEST(PythonRecordTest, ALongStringManyTimesIsRefused) {
  PythonRecordOptions options;
  options.values.max_bytes = 5000;
  std::string list = absl::StrCat("(V", std::string(1000, 'x'), "\np1\n");
  for (int i = 0; i < 3; ++i) absl::StrAppend(&list, "g1\n");
  EXPECT_TRUE(RecordOf(Pair("x", list + "l"), options).is_object());
  for (int i = 0; i < 3; ++i) absl::StrAppend(&list, "g1\n");
  EXPECT_THAT(RecordOf(Pair("x", list + "l"), options).get<std::string>(),
              HasSubstr("more than 5000 bytes"));
}

bool IsTaken(absl::string_view value) {
  std::string record;
  if (!Decode(Dict(Pair("x", value)), &record).ok()) return false;
  EXPECT_TRUE(CheckRecord(record).ok());
  return true;
}

// What passes the depth limit must pass the check that readers rely on, and
// what is one deeper must not be written.
TEST(PythonRecordTest, NestingEndsAtTheLimitWhateverTheContainer) {
  struct {
    const char* open;
    const char* close;
    int depth;
  } const kContainers[] = {{"]", "a", 1},
                           {"(Vk\n", "d", 1},
                           {"(", "t", 2},
                           {"(I1\n", "d", 3},
                           {"cm\nC\n)R", "b", 1},
                           {"cbuiltins\nset\n((", "ltR", 2},
                           {"ccollections\nOrderedDict\n)R(I1\n", "u", 3}};
  for (const auto& container : kContainers) {
    int deepest = 0;
    for (int levels = 1; levels < 110; ++levels) {
      std::string value;
      for (int i = 0; i < levels; ++i) value += container.open;
      value += "N";
      for (int i = 0; i < levels; ++i) value += container.close;
      if (IsTaken(value)) deepest = levels;
    }
    EXPECT_EQ(deepest, 99 / container.depth) << container.open;
  }
}

TEST(PythonRecordTest, AConfiguredDepthCountsFromTheAttribute) {
  PythonRecordOptions options;
  options.values.max_depth = 2;
  EXPECT_TRUE(RecordOf(Pair("x", "]Na"), options).is_object());
  EXPECT_THAT(RecordOf(Pair("x", "]]Naa"), options).get<std::string>(),
              HasSubstr("nested more than 2 deep"));
}

TEST(PythonRecordTest, MillionDeepNestingIsRefused) {
  std::string value;
  for (int i = 0; i < 1'000'000; ++i) value += "(";
  for (int i = 0; i < 1'000'000; ++i) value += "l";
  PythonRecordOptions options;
  options.unpickler.max_items = 3'000'000;
  EXPECT_THAT(RecordOf(Pair("x", value), options).get<std::string>(),
              HasSubstr("nested more than 100 deep"));
}

TEST(PythonRecordTest, AppendsBehindWhatIsThere) {
  std::string batch = "before";
  ASSERT_TRUE(Decode(Dict(Pair("msg", "Vhi\n")), &batch).ok());
  EXPECT_EQ(batch.substr(0, 6), "before");
  EXPECT_TRUE(CheckRecord(absl::string_view(batch).substr(6)).ok());
}

// The time of a record as a dict's `created`.
struct Created {
  json time;
  json original;
};
Created CreatedOf(double created) {
  // BINFLOAT: big-endian.
  std::string value = "G";
  const uint64_t bits = std::bit_cast<uint64_t>(created);
  for (int shift = 56; shift >= 0; shift -= 8) {
    value.push_back(static_cast<char>(bits >> shift));
  }
  const json record = RecordOf(Pair("created", value));
  return {record.value("time", json()),
          record["attributes"].value("python.created", json())};
}

TEST(PythonRecordTest, CreatedIsRebuiltExactlyFromTheTime) {
  std::mt19937_64 random(1);
  // From 1971 to the end of 64 bits of nanoseconds.
  std::uniform_real_distribution<double> any(31'536'000.0, 18'446'744'072.0);
  std::uniform_real_distribution<double> now(1.7e9, 2.0e9);
  for (int i = 0; i < 100'000; ++i) {
    const double created = i % 2 == 0 ? any(random) : now(random);
    uint64_t nanos = 0;
    ASSERT_TRUE(TimeFromCreated(created, &nanos));
    ASSERT_EQ(CreatedFromTime(nanos), created) << i;
    const long double exact = static_cast<long double>(created) * 1e9L;
    ASSERT_LE(std::abs(static_cast<long double>(nanos) - exact), 1.0L) << i;
  }
}

TEST(PythonRecordTest, ATimeThatIsNotExactIsKeptBeside) {
  const Created early = CreatedOf(1.1e-9);
  EXPECT_EQ(early.time, "1");
  EXPECT_TRUE(early.original.is_array());
  EXPECT_TRUE(CreatedOf(1.7e9 + 0.1).original.is_null());
  EXPECT_EQ(CreatedOf(0.9999999999).time, "1000000000");
  const json whole = RecordOf(Pair("created", "I5\n"));
  EXPECT_EQ(whole["time"], "5000000000");
  EXPECT_EQ(whole["attributes"]["python.created"], json({"i", "5"}));
}

TEST(PythonRecordTest, ATimeOutOfRangeIsKeptAsItCame) {
  for (const double created :
       {0.0, -0.0, -1.0, 1.9e10, 1e300, HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    const Created got = CreatedOf(created);
    EXPECT_TRUE(got.time.is_null()) << created;
    EXPECT_TRUE(got.original.is_array()) << created;
  }
}

}  // namespace
}  // namespace logboom
