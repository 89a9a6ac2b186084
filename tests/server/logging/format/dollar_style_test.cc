#include "server/logging/format/dollar_style.h"

#include "gtest/gtest.h"
#include "tests/server/logging/format/golden_cases.h"
#include "tests/server/logging/format/style_lines.h"

namespace logboom {
namespace {

std::string Refusal(absl::string_view format) {
  const auto pieces = CompileDollarStyle(format);
  return pieces.ok() ? "" : std::string(pieces.status().message());
}

std::string LineOf(const std::string& format, const char* attributes) {
  return StyleLine(
      FormatStyle::kDollar, format,
      {{"body", "m"}, {"attributes", nlohmann::json::parse(attributes)}});
}

TEST(DollarStyleTest, WritesTheLineThatPythonsFormatterWrites) {
  EXPECT_GT(CompareGoldenLines("dollar_lines", FormatStyle::kDollar), 200);
}

TEST(DollarStyleTest, AcceptsTheFormatsThatPythonCanUse) {
  for (const auto& golden : GoldenCases("dollar_formats")) {
    const std::string format = golden[0];
    if (format.empty()) continue;  // the default's
    EXPECT_EQ(Refusal(format).empty(), golden[1].get<bool>())
        << format << ": " << Refusal(format);
  }
}

TEST(DollarStyleTest, RefusalsSayWhatIsWrongAndWhere) {
  EXPECT_EQ(Refusal("é$x $"),
            "character 4: a '$' without a name; accepted: $name, ${name}, and "
            "$$ for a dollar sign");
  EXPECT_EQ(Refusal("$$"),
            "no field; at least one is required, such as ${message}");
}

// Unlike CPython, which has no such names.
TEST(DollarStyleTest, NamesInBracesGoOnWithDots) {
  const char* const attributes = R"([["a.b.2x","yes"],["a","A"]])";
  EXPECT_EQ(LineOf("${a.b.2x}", attributes), "yes");
  EXPECT_EQ(LineOf("$a.b", attributes), "A.b");
  for (const char* bad : {"${a.}", "${.a}", "${a..b}", "${a.b-c}"}) {
    EXPECT_NE(Refusal(bad), "") << bad;
  }
}

TEST(DollarStyleTest, FieldsThatTheRecordLacksPrintAsWritten) {
  EXPECT_EQ(LineOf("$x|${y}|$message", "[]"), "$x|${y}|m");
}

}  // namespace
}  // namespace logboom
