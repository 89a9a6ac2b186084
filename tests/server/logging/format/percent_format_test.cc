#include "server/logging/format/percent_format.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/logging/format/percent_convert.h"
#include "server/logging/format/percent_merge.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::string_view kRaised = "(raised)";

// `spec % (value,)`.
std::string Convert(const std::string& spec, const PyValue& value) {
  PercentParser parser(spec);
  if (!parser.Next() || !parser.is_field()) return std::string(kRaised);
  std::string text = "before:";
  const bool converted = AppendConverted(parser.spec(), value, &text);
  EXPECT_EQ(text.substr(0, 7), "before:");
  if (converted) return text.substr(7);
  EXPECT_EQ(text, "before:") << "a failed conversion left something behind";
  return std::string(kRaised);
}

std::string Merge(const std::string& format, const PyValue& args) {
  std::string text = "before:";
  if (AppendMerged(format, args, &text)) return text.substr(7);
  EXPECT_EQ(text, "before:") << "a failed merge left something behind";
  return std::string(kRaised);
}

std::string Expected(const nlohmann::json& golden) {
  return golden.is_null() ? std::string(kRaised) : golden.get<std::string>();
}

std::vector<std::string> Pieces(absl::string_view format) {
  std::vector<std::string> pieces;
  PercentParser parser(format);
  while (parser.Next()) {
    pieces.push_back(parser.is_field() ? absl::StrCat("[", parser.key(), "]")
                                       : std::string(parser.text()));
  }
  if (!parser.ok()) pieces.push_back(std::string(parser.status().message()));
  return pieces;
}

TEST(PercentConvertTest, PrintsEveryConversionFlagAndWidthAsPythonDoes) {
  int compared = 0;
  for (const auto& golden : GoldenCases("conversions")) {
    const GoldenValue value(golden["value"]);
    for (const auto& one : golden["prints"]) {
      ASSERT_EQ(Convert(one[0], value.value()), one[1].get<std::string>())
          << one[0] << " of " << golden["value"];
      ++compared;
    }
  }
  EXPECT_GT(compared, 5000);
}

// glibc's own %#g loses its zeros where rounding carries: it gave "1.e+06".
TEST(PercentConvertTest, AlternateFormKeepsItsZerosWhereRoundingCarries) {
  const auto convert = [](const std::string& spec, const char* number) {
    return Convert(spec, GoldenValue(nlohmann::json{{"f", number}}).value());
  };
  EXPECT_EQ(convert("%(x)#g", "999999.5"), "1.00000e+06");
  EXPECT_EQ(convert("%(x)#G", "999999.5"), "1.00000E+06");
  EXPECT_EQ(convert("%(x)#.3g", "999.5"), "1.00e+03");
  EXPECT_EQ(convert("%(x)#.3g", "99.95"), "100.");
  EXPECT_EQ(convert("%(x)#.2g", "9.96e-5"), "0.00010");
  EXPECT_EQ(convert("%(x)#.0g", "9.6"), "1.e+01");
  EXPECT_EQ(convert("%(x)#g", "0.0"), "0.00000");
}

TEST(PercentConvertTest, RefusesWherePythonRaises) {
  int compared = 0;
  for (const auto& golden : GoldenCases("conversions")) {
    // Python prints lone surrogates, but nothing can write them.
    if (golden["value"].is_object() && golden["value"].contains("s")) continue;
    const GoldenValue value(golden["value"]);
    for (const auto& spec : golden["raises"]) {
      ASSERT_EQ(Convert(spec, value.value()), kRaised)
          << spec << " of " << golden["value"];
      ++compared;
    }
  }
  EXPECT_GT(compared, 2000);
}

TEST(PercentConvertTest, WidthAndPrecisionCountCharactersOfBrokenTextToo) {
  const PyValue broken = PyValue::Str("\xff\xc3\xa9");
  EXPECT_EQ(Convert("%4s", broken), "  \xff\xc3\xa9");
  EXPECT_EQ(Convert("%.1s", broken), "\xff");
}

TEST(PercentMergeTest, MergesMessagesAsPythonDoes) {
  for (const auto& golden : GoldenCases("merges")) {
    const GoldenValue args(golden[1]);
    EXPECT_EQ(Merge(golden[0], args.value()), Expected(golden[2])) << golden;
  }
}

// Both come from a peer: neither may cost memory without bound.
TEST(PercentMergeTest, RefusesHugeWidths) {
  EXPECT_EQ(Merge("%1000000000d", PyValue::Int(1)), kRaised);
  const GoldenValue args(nlohmann::json::parse(
      R"({"m":[["__py__","tuple"],["value",[1000000000,1]]]})"));
  EXPECT_EQ(Merge("%*d", args.value()), kRaised);
  EXPECT_EQ(Merge("%.*f", args.value()), kRaised);
}

TEST(PercentParserTest, CutsAFormatIntoLiteralsAndFields) {
  EXPECT_THAT(Pieces("a%(b)sc%%d%(e)-5.3f"),
              ElementsAre("a", "[b]", "c", "%", "d", "[e]"));
  EXPECT_THAT(Pieces("%(a(b)c)s"), ElementsAre("[a(b)c]"));
  EXPECT_THAT(Pieces(""), ElementsAre());
}

TEST(PercentParserTest, ReadsFlagsWidthAndPrecision) {
  PercentParser parser("%(x)-+ #012.34ld");
  ASSERT_TRUE(parser.Next());
  const PercentSpec& spec = parser.spec();
  EXPECT_TRUE(spec.left && spec.sign && spec.blank && spec.alternate &&
              spec.zero);
  EXPECT_EQ(spec.width, 12);
  EXPECT_EQ(spec.precision, 34);
  EXPECT_EQ(spec.conversion, 'd');
}

TEST(PercentParserTest, SaysWhatIsWrongAndAtWhichCharacter) {
  EXPECT_THAT(Pieces("é%(x)y").back(),
              HasSubstr("character 5: unsupported conversion 'y'"));
  EXPECT_THAT(Pieces("%(x").back(), HasSubstr("incomplete format key"));
  EXPECT_THAT(Pieces("%(x)5").back(), HasSubstr("incomplete format"));
  EXPECT_THAT(Pieces("%(x)10001d").back(), HasSubstr("width over 10000"));
  EXPECT_THAT(Pieces("%(x).10001d").back(), HasSubstr("precision over 10000"));
}

}  // namespace
}  // namespace logboom
