#include "server/logging/format/any_value_json.h"

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

// The text of a value in the notation of the golden file.
std::string TextOf(const char* json) {
  const GoldenValue holder(
      nlohmann::json::array({nlohmann::json::parse(json)}));
  ArrayView items = holder.value().list();
  EXPECT_TRUE(items.Next());
  std::string out = "before:";
  AppendAnyValue(items.value(), &out);
  EXPECT_EQ(out.substr(0, 7), "before:");
  return out.substr(7);
}

// The specification's own examples.
TEST(AnyValueJsonTest, WritesEachTypeAsOpenTelemetryWantsIt) {
  EXPECT_EQ(TextOf(R"("hello world")"), "hello world");
  EXPECT_EQ(TextOf(R"("")"), "");
  EXPECT_EQ(TextOf("true"), "true");
  EXPECT_EQ(TextOf("false"), "false");
  EXPECT_EQ(TextOf("42"), "42");
  EXPECT_EQ(TextOf("-123"), "-123");
  EXPECT_EQ(TextOf(R"({"f":"3.14159"})"), "3.14159");
  EXPECT_EQ(TextOf(R"({"f":"nan"})"), "NaN");
  EXPECT_EQ(TextOf(R"({"f":"inf"})"), "Infinity");
  EXPECT_EQ(TextOf(R"({"f":"-inf"})"), "-Infinity");
  EXPECT_EQ(TextOf(R"({"b":"68656c6c6f20776f726c64"})"), "aGVsbG8gd29ybGQ=");
  EXPECT_EQ(TextOf("null"), "");
  EXPECT_EQ(TextOf("[]"), "[]");
  EXPECT_EQ(TextOf(R"({"m":[]})"), "{}");
  EXPECT_EQ(TextOf(R"([1,{"f":"-inf"},"a",true,
                      {"m":[["nested",{"b":"68656c6c6f20776f726c64"}]]}])"),
            R"([1,"-Infinity","a",true,{"nested":"aGVsbG8gd29ybGQ="}])");
  EXPECT_EQ(TextOf(R"({"m":[["a",{"f":"-inf"}],["b",2],["c",[3,null]]]})"),
            R"({"a":"-Infinity","b":2,"c":[3,null]})");
}

TEST(AnyValueJsonTest, KeysKeepTheirOrderAndEqualOnesAllPrint) {
  EXPECT_EQ(TextOf(R"({"m":[["z",1],["a",2],["z",3],["",4]]})"),
            R"({"z":1,"a":2,"z":3,"":4})");
}

TEST(AnyValueJsonTest, DoublesReadBackAsTheyWere) {
  EXPECT_EQ(TextOf(R"([{"f":"1.0"},{"f":"0.1"},{"f":"1e300"},{"f":"-0.0"}])"),
            "[1.0,0.1,1e+300,-0.0]");
}

TEST(AnyValueJsonTest, WhatJsonCannotHoldIsEscaped) {
  EXPECT_EQ(TextOf(R"(["\"\\\b\f\n\r\t\u0000\u001f\u007f/é\u2028"])"),
            "[\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\x7f/é\u2028\"]");
  EXPECT_EQ(TextOf(R"({"m":[["k\n",1]]})"), R"({"k\n":1})");
}

TEST(AnyValueJsonTest, BytesThatAreNotUtf8AreReplacedInsideJsonOnly) {
  EXPECT_EQ(TextOf(R"([{"s":"61ffc37a"}])"), "[\"a\uFFFD\uFFFDz\"]");
  EXPECT_EQ(TextOf(R"({"s":"61ff"})"), "a\xff");
}

TEST(AnyValueJsonTest, NestingBeyondAllLimitsEndsInDots) {
  std::string encoded;
  MessageWriter message(&encoded);
  ValueWriter value(&message);
  std::vector<OpenField> open;
  for (int i = 0; i < 20000; ++i) {
    open.push_back(value.BeginArray());
    open.push_back(value.BeginElement());
  }
  for (; !open.empty(); open.pop_back()) message.End(open.back());
  std::string text;
  AppendAnyValue(AnyValueView(encoded), &text);
  EXPECT_TRUE(absl::StrContains(text, "[\"...\"]"));
  EXPECT_LT(text.size(), 1000u);
}

}  // namespace
}  // namespace logboom
