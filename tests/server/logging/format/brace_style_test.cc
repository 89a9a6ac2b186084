#include "server/logging/format/brace_style.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/logging/format/golden_cases.h"
#include "tests/server/logging/format/style_lines.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

std::string Refusal(absl::string_view format) {
  const auto pieces = CompileBraceStyle(format);
  return pieces.ok() ? "" : std::string(pieces.status().message());
}

// The line of a record with body "m" and these attributes, by JSON.
std::string LineOf(const std::string& format, const char* attributes) {
  return StyleLine(
      FormatStyle::kBrace, format,
      {{"body", "m"}, {"attributes", nlohmann::json::parse(attributes)}});
}

TEST(BraceStyleTest, WritesTheLineThatPythonsFormatterWrites) {
  EXPECT_GT(CompareGoldenLines("brace_lines", FormatStyle::kBrace), 400);
}

TEST(BraceStyleTest, AcceptsTheFormatsThatPythonCanUse) {
  for (const auto& golden : GoldenCases("brace_formats")) {
    const std::string format = golden[0];
    if (format.empty()) continue;  // the default's
    EXPECT_EQ(Refusal(format).empty(), golden[1].get<bool>())
        << format << ": " << Refusal(format);
  }
}

TEST(BraceStyleTest, RefusalsSayWhatIsWrongAndWhere) {
  EXPECT_EQ(Refusal("é{x} }"), "character 5: a single '}'; accepted: }}");
  EXPECT_EQ(Refusal("{x} {y"), "character 4: a '{' that nothing closes");
  EXPECT_EQ(Refusal("{{}}"),
            "no field; at least one is required, such as {message}");
  EXPECT_THAT(Refusal("{x} {0}"),
              HasSubstr("character 4: '{0}' has a number for a name"));
  EXPECT_THAT(Refusal("{x!q}"), HasSubstr("unknown conversion 'q'"));
  EXPECT_THAT(Refusal("{x:y}"),
              HasSubstr("'{x:y}' has a bad specification: unexpected 'y'; "));
  EXPECT_THAT(Refusal("{x:10001}"), HasSubstr("width over 10000"));
  EXPECT_THAT(Refusal("{x[9999999999]}"), HasSubstr("too large an index"));
  EXPECT_THAT(Refusal("{x[k].real}"), HasSubstr("is no name"));
}

// Unlike CPython, which would look for `request` in the value of `http`.
TEST(BraceStyleTest, NamesGoOnWithDots) {
  EXPECT_EQ(LineOf("{http.request.method:>5} {message}",
                   R"([["http.request.method","PUT"]])"),
            "  PUT m");
  EXPECT_EQ(LineOf("{a.b[k]}", R"([["a.b",{"m":[["k",[1,2]]]}]])"), "[1, 2]");
}

TEST(BraceStyleTest, IndicesReachIntoListsTuplesDictsAndTexts) {
  const char* const attributes = R"([
      ["list",["a",{"m":[["k","deep"]]}]], ["text","añb"],
      ["tuple",{"m":[["__py__","tuple"],["value",[7,8]]]}],
      ["dict",{"m":[["__py__","dict"],["value",[[1,"one"],["1","str"]]]]}]])";
  EXPECT_EQ(
      LineOf("{list[0]} {list[1][k]!r} {text[1]} {tuple[1]:03}", attributes),
      "a 'deep' ñ 008");
  EXPECT_EQ(LineOf("{dict[1]}", attributes), "one");
  for (const char* missing : {"{list[2]}", "{list[k]}", "{text[3]}",
                              "{tuple[2]}", "{dict[2]}", "{nothing[0]}"}) {
    EXPECT_EQ(LineOf(missing, attributes), missing);
  }
}

TEST(BraceStyleTest, FieldsInASpecificationGiveItsWidthAndPrecision) {
  EXPECT_EQ(LineOf("{message:>{w}}|{f:0{w}.{p}f}",
                   R"([["w",6],["p",2],["f",{"f":"1.5"}]])"),
            "     m|001.50");
  // What makes no specification, or one that is too large, prints as written.
  for (const char* width : {R"([["w","x"]])", R"([["w",10001]])", "[]"}) {
    EXPECT_EQ(LineOf("{message:{w}}", width), "{message:{w}}");
  }
}

TEST(BraceStyleTest, ValuesThatDoNotSuitPrintAsWritten) {
  EXPECT_EQ(LineOf("{x:d}|{message:,}|{message}", R"([["x","a"]])"),
            "{x:d}|{message:,}|m");
  EXPECT_EQ(LineOf("{n:5}|", R"([["n",null]])"), "{n:5}|");
}

TEST(BraceStyleTest, FillThatIsAHazardIsEscaped) {
  EXPECT_EQ(LineOf("{message:\x1b>3}", "[]"), "\\x1b\\x1bm");
  EXPECT_EQ(LineOf("{message:->3}{message:-^4}", "[]"), "--m-m--");
}

}  // namespace
}  // namespace logboom
