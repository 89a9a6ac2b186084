#include "server/logging/format/python_format.h"

#include "gtest/gtest.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

constexpr absl::string_view kRaised = "(raised)";

// format(value, spec).
std::string Format(absl::string_view spec, const PyValue& value) {
  const absl::StatusOr<FormatSpec> parsed = ParseFormatSpec(spec);
  if (!parsed.ok()) return std::string(kRaised);
  std::string text = "before:";
  if (AppendFormatted(*parsed, value, &text)) return text.substr(7);
  EXPECT_EQ(text, "before:") << "a failed format left something behind";
  return std::string(kRaised);
}

GoldenValue Value(const char* json) {
  return GoldenValue(nlohmann::json::parse(json));
}

TEST(PythonFormatTest, PrintsEverySpecificationAsPythonDoes) {
  int compared = 0;
  for (const auto& golden : GoldenCases("specs")) {
    const GoldenValue value(golden["value"]);
    for (const auto& one : golden["prints"]) {
      ASSERT_EQ(Format(one[0].get<std::string>(), value.value()),
                one[1].get<std::string>())
          << one[0] << " of " << golden["value"];
      ++compared;
    }
  }
  EXPECT_GT(compared, 2000);
}

TEST(PythonFormatTest, RefusesWherePythonRaises) {
  int compared = 0;
  for (const auto& golden : GoldenCases("specs")) {
    // Python prints lone surrogates, but nothing can write them.
    if (golden["value"].is_object() && golden["value"].contains("s")) continue;
    const GoldenValue value(golden["value"]);
    for (const auto& spec : golden["raises"]) {
      ASSERT_EQ(Format(spec.get<std::string>(), value.value()), kRaised)
          << spec << " of " << golden["value"];
      ++compared;
    }
  }
  EXPECT_GT(compared, 2000);
}

TEST(PythonFormatTest, ZerosBeforeTheDigitsAreGroupedWithThem) {
  EXPECT_EQ(Format("010,", PyValue::Int(1234)), "00,001,234");
  EXPECT_EQ(Format("09,", PyValue::Int(1234)), "0,001,234");
  EXPECT_EQ(Format("08,", PyValue::Int(1234)), "0,001,234");
  EXPECT_EQ(Format("#012_x", PyValue::Int(0x12345)), "0x0_0001_2345");
  EXPECT_EQ(Format("013,.1f", PyValue::Float(-1234.56)), "-00,001,234.6");
}

TEST(PythonFormatTest, FloatsWithoutATypeKeepADigitBehindThePoint) {
  EXPECT_EQ(Format(".3", PyValue::Float(12)), "12.0");
  EXPECT_EQ(Format(".3", PyValue::Float(123)), "1.23e+02");
  EXPECT_EQ(Format(".1", PyValue::Float(0)), "0e+00");
  EXPECT_EQ(Format("#.4", PyValue::Float(1)), "1.000");
  EXPECT_EQ(Format("#", PyValue::Float(1e16)), "1.e+16");
}

TEST(PythonFormatTest, IntegersOfAnySizePrintInEveryBase) {
  const GoldenValue big =
      Value(R"({"m":[["__py__","int"],["value","-18446744073709551617"]]})");
  EXPECT_EQ(Format(",", big.value()), "-18,446,744,073,709,551,617");
  EXPECT_EQ(Format("#x", big.value()), "-0x10000000000000001");
  EXPECT_EQ(Format("b", big.value()), "-1" + std::string(63, '0') + "1");
  EXPECT_EQ(Format("b", PyValue::Int(INT64_MIN)), "-1" + std::string(63, '0'));
  EXPECT_EQ(Format("c", big.value()), kRaised);
}

TEST(PythonFormatTest, ValuesOfOtherTypesTakeNoSpecification) {
  const GoldenValue decimal =
      Value(R"({"m":[["__py__","decimal.Decimal"],["value","1.10"]]})");
  EXPECT_EQ(Format("", decimal.value()), "1.10");
  EXPECT_EQ(Format(".1f", decimal.value()), kRaised);
  EXPECT_EQ(Format("", PyValue()), "None");
  EXPECT_EQ(Format("5", PyValue()), kRaised);
}

TEST(PythonFormatTest, WidthsCountCharactersOfBrokenTextToo) {
  EXPECT_EQ(Format("4", PyValue::Str("\xff\xc3\xa9")), "\xff\xc3\xa9  ");
  EXPECT_EQ(Format(".1", PyValue::Str("\xff\xc3\xa9")), "\xff");
}

TEST(PythonFormatTest, HugeNumbersInASpecificationAreRefused) {
  EXPECT_TRUE(ParseFormatSpec("10000.10000f").ok());
  EXPECT_EQ(ParseFormatSpec("10001").status().message(), "width over 10000");
  EXPECT_EQ(ParseFormatSpec(".10001").status().message(),
            "precision over 10000");
  EXPECT_FALSE(ParseFormatSpec("99999999999999999999").ok());
}

}  // namespace
}  // namespace logboom
