#include "server/config/yaml_reader.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

using Kind = YamlNode::Kind;
using testing::HasSubstr;
using testing::StartsWith;

YamlNode Read(const std::string& text) {
  const auto node = ReadYaml(text);
  EXPECT_TRUE(node.ok()) << node.status();
  return node.ok() ? *node : YamlNode();
}

std::string ErrorOf(const std::string& text) {
  const auto node = ReadYaml(text);
  EXPECT_FALSE(node.ok()) << text.substr(0, 100);
  return std::string(node.status().message());
}

// The tree on one line: "text@line:col", lists in [], maps in {}.
std::string Show(const YamlNode& node) {
  const std::string at = absl::StrCat("@", node.at.line, ":", node.at.column);
  std::string inside;
  for (const YamlNode& item : node.items) {
    absl::StrAppend(&inside, inside.empty() ? "" : " ", Show(item));
  }
  for (const auto& [key, value] : node.entries) {
    absl::StrAppend(&inside, inside.empty() ? "" : " ", Show(key), "=",
                    Show(value));
  }
  if (node.kind == Kind::kList) return absl::StrCat("[", inside, "]", at);
  if (node.kind == Kind::kMap) return absl::StrCat("{", inside, "}", at);
  return absl::StrCat(node.text, at);
}

TEST(YamlReaderTest, EveryValueHasItsPlace) {
  EXPECT_EQ(Show(Read("a: 1\nb:\n  c: [x, \"y\"]\n  d: {e: f}\n")),
            "{a@1:1=1@1:4 b@2:1={c@3:3=[x@3:7 y@3:10]@3:6 "
            "d@4:3={e@4:7=f@4:10}@4:6}@3:3}@1:1");
}

TEST(YamlReaderTest, AValueLeftOutStandsWhereItsKeyDoes) {
  EXPECT_EQ(Show(Read("a: 1\nb:\nc: 2\n")),
            "{a@1:1=1@1:4 b@2:1=@2:1 c@3:1=2@3:4}@1:1");
}

TEST(YamlReaderTest, QuotedAndBlockScalarsAreStrings) {
  const YamlNode node = Read("- '10'\n- \"on\"\n- |\n  10\n- !!str 10\n- 10\n");
  ASSERT_EQ(node.items.size(), 5u);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(node.items[i].kind, Kind::kString) << i;
  }
  EXPECT_EQ(node.items[4].kind, Kind::kInt);
}

TEST(YamlReaderTest, AnEmptyTextIsNull) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n"}) {
    EXPECT_EQ(Read(text).kind, Kind::kNull) << text;
  }
}

TEST(YamlReaderTest, JsonIsRead) {
  EXPECT_EQ(Show(Read("{\n\t\"a\":1,\n\t\"b\":[true,null,\"\\u00e9\\/\"]\n}")),
            "{a@2:2=1@2:6 b@3:2=[true@3:7 @3:12 \xC3\xA9/@3:17]@3:6}@1:1");
}

TEST(YamlReaderTest, AByteOrderMarkAndCarriageReturnsAreTaken) {
  const YamlNode node = Read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n");
  ASSERT_EQ(node.entries.size(), 2u);
  EXPECT_EQ(node.entries[0].key.text, "a");
  EXPECT_EQ(node.entries[1].value.text, "2");
}

TEST(YamlReaderTest, AnAliasIsACopyOfWhatItNames) {
  const YamlNode node = Read("a: &x {k: v}\nb: *x\nc: &y 3\nd: *y\n");
  EXPECT_EQ(node.entries[1].value.entries[0].value.text, "v");
  EXPECT_EQ(node.entries[3].value.integer, 3);
}

TEST(YamlReaderTest, AMapsOwnKeysWinOverMergedOnesAndEarlierOverLater) {
  const YamlNode node = Read(
      "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2, d: 2}\n"
      "z: {<<: [*x, *y], d: 3}\n");
  const auto& merged = node.entries[2].value.entries;
  ASSERT_EQ(merged.size(), 4u);
  EXPECT_EQ(merged[0].key.text + merged[0].value.text, "d3");
  EXPECT_EQ(merged[1].key.text + merged[1].value.text, "a1");
  EXPECT_EQ(merged[2].key.text + merged[2].value.text, "b1");
  EXPECT_EQ(merged[3].key.text + merged[3].value.text, "c2");
}

TEST(YamlReaderTest, KeysThatStandTwiceAreKept) {
  EXPECT_EQ(Read("a: 1\na: 2\n").entries.size(), 2u);
}

TEST(YamlReaderTest, AnErrorBeginsWithItsPlace) {
  EXPECT_THAT(ErrorOf("a: 1\nb: [1\n"), StartsWith("3:1: "));
  EXPECT_THAT(ErrorOf("a: b: c\n"), StartsWith("1:5: "));
  EXPECT_THAT(ErrorOf("ok: 1\nbad: \x01\n"), StartsWith("2:6: "));
  EXPECT_THAT(ErrorOf("ok: 1\nbad: \xFF\n"), StartsWith("2:6: "));
}

TEST(YamlReaderTest, WhatIsNotUtf8IsRefused) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xE2\x82"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("is not UTF-8"));
  }
  EXPECT_EQ(Read("\xF0\x9F\x98\x80").text, "\xF0\x9F\x98\x80");
}

// yaml-cpp 0.7 closes a quote by itself where a line end ends the file, and
// what stood behind it was lost in silence.
TEST(YamlReaderTest, AQuoteMustBeClosed) {
  for (const std::string text :
       {"a: \"b", "a: \"b\\\"", "a: 'b''", "'", "\"", "a: &x \"b\nc: d\n",
        "[a, 'b]", "- !!str\n  'b"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("not closed")) << text;
    EXPECT_THAT(ErrorOf(text + "\n"), HasSubstr("begins here is not closed"));
  }
  EXPECT_EQ(Read("\"b\\\\\"").text, "b\\");
  EXPECT_EQ(Read("'b'''").text, "b'");
  EXPECT_EQ(Read("''").text, "");
  EXPECT_EQ(Read("&x !!str \"b\"").text, "b");
  EXPECT_EQ(Read("|\n  'b\n").text, "'b\n");
  EXPECT_EQ(Read("\xEF\xBB\xBF\"b\"").text, "b");
}

TEST(YamlReaderTest, ControlCharactersAreRefused) {
  for (const char* text :
       {"a\x04", "a\x1b", "a\x7f", "a\xC2\x80", "a\xEF\xBF\xBE"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("control character"));
  }
  EXPECT_EQ(Read("\"\\e\\x04\"").text, "\x1b\x04");
}

// Goal: no file makes the reader recurse, run or grow without bound. Method:
// the shortest texts that try, each a megabyte long.
TEST(YamlReaderTest, AHostileFileIsRefusedOrReadWithinTheLimits) {
  for (const std::string unit :
       {"[",     "{",     "- ",     "? ",      ": ",         "{a: ",
        "[a, ",  "\"",    "&a ",    "*a ",     "!t ",        ", ",
        "]",     "}",     "|",      "#",       "' ",         "[]",
        ",\n",   "a\n\n", "a: b\n", "- - a\n", "? a\n: b\n", "%YAML 1.1\n",
        "---\n", "[,",    "{,",     "{a,",     "&a [*a,"}) {
    std::string text;
    while (text.size() + unit.size() <= kMaxYamlBytes) text += unit;
    SCOPED_TRACE(unit);
    const auto node = ReadYaml(text);
    if (!node.ok()) {
      EXPECT_THAT(std::string(node.status().message()),
                  testing::MatchesRegex("[0-9]+:[0-9]+: .*"));
    }
  }
}

TEST(YamlReaderTest, AliasesCannotMultiplyBeyondTheLimit) {
  std::string text = "a0: &a0 " + std::string(100, 'x') + "\n";
  for (int i = 1; i < 40; ++i) {
    absl::StrAppend(&text, "a", i, ": &a", i, " [*a", i - 1, ", *a", i - 1,
                    "]\n");
  }
  EXPECT_THAT(ErrorOf(text), HasSubstr("too large"));
}

TEST(YamlReaderTest, NestingIsTakenUpToTheLimitAndRefusedBeyond) {
  const auto nested = [](int depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(Read(nested(kMaxYamlDepth)).kind, Kind::kList);
  EXPECT_THAT(ErrorOf(nested(kMaxYamlDepth + 1)), HasSubstr("too deeply"));
}

TEST(YamlReaderTest, AFileBeyondTheLimitIsRefused) {
  EXPECT_EQ(Read(std::string(kMaxYamlBytes, '#')).kind, Kind::kNull);
  EXPECT_THAT(ErrorOf(std::string(kMaxYamlBytes + 1, '#')),
              HasSubstr("too large"));
}

}  // namespace
}  // namespace logboom
