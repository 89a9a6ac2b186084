#include "server/logging/format/python_text.h"

#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"
#include "server/logging/format/unicode_printable.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

std::string Str(const PyValue& value) {
  std::string text;
  AppendStr(value, &text);
  return text;
}

std::string Repr(const PyValue& value) {
  std::string text;
  AppendRepr(value, &text);
  return text;
}

std::string Ascii(const PyValue& value) {
  std::string text;
  AppendAscii(value, &text);
  return text;
}

GoldenValue Value(const char* json) {
  return GoldenValue(nlohmann::json::parse(json));
}

// An array in an array, `depth` times.
std::string Nested(int depth) {
  std::string encoded;
  MessageWriter message(&encoded);
  ValueWriter value(&message);
  std::vector<OpenField> open;
  for (int i = 0; i < depth; ++i) {
    open.push_back(value.BeginArray());
    open.push_back(value.BeginElement());
  }
  for (; !open.empty(); open.pop_back()) message.End(open.back());
  return encoded;
}

TEST(PythonTextTest, PrintsEveryListedTypeAsPythonDoes) {
  for (const auto& golden : GoldenCases("texts")) {
    SCOPED_TRACE(golden.dump());
    const GoldenValue value(golden[0]);
    // A str of lone surrogates cannot be written by Python.
    if (!golden[1].is_null()) {
      EXPECT_EQ(Str(value.value()), golden[1].get<std::string>());
    }
    EXPECT_EQ(Repr(value.value()), golden[2].get<std::string>());
    EXPECT_EQ(Ascii(value.value()), golden[3].get<std::string>());
  }
}

TEST(PythonTextTest, UnknownClassPrintsAsData) {
  const GoldenValue value = Value(
      R"({"m":[["__py__","shop.Item"],["args",[1]],
               ["state",{"m":[["k",null]]}]]})");
  EXPECT_EQ(Str(value.value()), "<shop.Item args=(1,) state={'k': None}>");
}

TEST(PythonTextTest, KnownClassWithoutItsPartsPrintsAsData) {
  EXPECT_EQ(Str(Value(R"({"m":[["__py__","decimal.Decimal"],["args",["x"]]]})")
                    .value()),
            "<decimal.Decimal args=('x',)>");
  EXPECT_EQ(Str(Value(R"({"m":[["__py__","datetime.datetime"],
                                ["value","2024-13"]]})")
                    .value()),
            "<datetime.datetime value='2024-13'>");
  EXPECT_EQ(Repr(Value(R"({"m":[["__py__","int"],["value","1x"]]})").value()),
            "<int value='1x'>");
}

TEST(PythonTextTest, UnknownTzinfoPrintsInReprAndGivesNoOffset) {
  const GoldenValue value = Value(
      R"({"m":[["__py__","datetime.datetime"],["value","2024-01-02T00:00:00"],
               ["tzinfo",{"m":[["__py__","pytz.X"]]}]]})");
  EXPECT_EQ(Str(value.value()), "2024-01-02 00:00:00");
  EXPECT_EQ(Repr(value.value()),
            "datetime.datetime(2024, 1, 2, 0, 0, tzinfo=<pytz.X>)");
}

// A record names its zone; the name must never reach other files.
TEST(PythonTextTest, ZoneNamesThatAreNoZonesGiveNoOffset) {
  for (const char* name : {"/etc/passwd", "../../../etc/passwd", "Nowhere/At",
                           "", "file:/usr/share/zoneinfo/UTC"}) {
    nlohmann::json zone = nlohmann::json::parse(
        R"({"m":[["__py__","zoneinfo.ZoneInfo"],["value",""]]})");
    zone["m"][1][1] = name;
    nlohmann::json json = nlohmann::json::parse(
        R"({"m":[["__py__","datetime.datetime"],
                 ["value","2024-01-02T00:00:00"]]})");
    json["m"].push_back({"tzinfo", zone});
    EXPECT_EQ(Str(GoldenValue(json).value()), "2024-01-02 00:00:00") << name;
  }
}

TEST(PythonTextTest, RecursionPrintsAsPythonMarksIt) {
  const auto marker = [](const char* of) {
    nlohmann::json json =
        nlohmann::json::parse(R"({"m":[["__py__","recursion"],["value",""]]})");
    json["m"][1][1] = of;
    return Repr(GoldenValue(json).value());
  };
  EXPECT_EQ(marker("list"), "[...]");
  EXPECT_EQ(marker("dict"), "{...}");
  EXPECT_EQ(marker("set"), "set(...)");
  EXPECT_EQ(marker("object"), "...");
}

TEST(PythonTextTest, BytesThatAreNotUtf8StayInStrAndAreEscapedInRepr) {
  const PyValue value = PyValue::Str("a\xff\xc3");
  EXPECT_EQ(Str(value), "a\xff\xc3");
  EXPECT_EQ(Repr(value), "'a\\xff\\xc3'");
  EXPECT_EQ(Ascii(value), "'a\\xff\\xc3'");
}

TEST(PythonTextTest, NestingBeyondAllLimitsEndsInDots) {
  const std::string shallow = Nested(100);
  EXPECT_EQ(Repr(PyValue(AnyValueView(shallow))).size(), 199u + 5u);
  const std::string deep = Nested(20000);
  const std::string text = Repr(PyValue(AnyValueView(deep)));
  EXPECT_NE(text.find("[...]"), std::string::npos);
  EXPECT_LT(text.size(), 1000u);
}

TEST(UnicodePrintableTest, ChangesWherePythonsTableDoes) {
  EXPECT_FALSE(IsPrintable(0));
  EXPECT_FALSE(IsPrintable(0x1F));
  EXPECT_TRUE(IsPrintable(' '));
  EXPECT_TRUE(IsPrintable(0x7E));
  EXPECT_FALSE(IsPrintable(0x7F));
  EXPECT_FALSE(IsPrintable(0xA0));
  EXPECT_TRUE(IsPrintable(0xA1));
  EXPECT_FALSE(IsPrintable(0xAD));
  EXPECT_FALSE(IsPrintable(0xD800));
  EXPECT_FALSE(IsPrintable(0xFFFF));
  EXPECT_TRUE(IsPrintable(0x10000));
  EXPECT_TRUE(IsPrintable(0x1F600));
  EXPECT_FALSE(IsPrintable(0x10FFFF));
}

}  // namespace
}  // namespace logboom
