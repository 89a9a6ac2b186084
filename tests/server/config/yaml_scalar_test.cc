#include "server/config/yaml_scalar.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace logboom {
namespace {

using Kind = YamlNode::Kind;

// The expectations of this file are what PyYAML 6.0's safe_load gives.

TEST(YamlScalarTest, NullsAndBooleansAreYaml11s) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(ResolvePlainScalar(text).kind, Kind::kNull) << text;
  }
  for (const char* text :
       {"yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"}) {
    EXPECT_EQ(ResolvePlainScalar(text).kind, Kind::kBool) << text;
    EXPECT_TRUE(ResolvePlainScalar(text).boolean) << text;
  }
  for (const char* text :
       {"no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}) {
    EXPECT_EQ(ResolvePlainScalar(text).kind, Kind::kBool) << text;
    EXPECT_FALSE(ResolvePlainScalar(text).boolean) << text;
  }
}

TEST(YamlScalarTest, IntegersAreReadInEveryBaseOfYaml11) {
  const struct {
    const char* text;
    int64_t value;
  } kCases[] = {{"0", 0},
                {"-0", 0},
                {"10", 10},
                {"+10", 10},
                {"-10", -10},
                {"1_000", 1000},
                {"0x1F", 31},
                {"-0x10", -16},
                {"010", 8},
                {"-010", -8},
                {"0b101", 5},
                {"0b1_1", 3},
                {"00", 0},
                {"1__", 1},
                {"0x_F", 15},
                {"0_7", 7},
                {"9223372036854775807", std::numeric_limits<int64_t>::max()},
                {"-9223372036854775808", std::numeric_limits<int64_t>::min()}};
  for (const auto& [text, value] : kCases) {
    EXPECT_EQ(ResolvePlainScalar(text).kind, Kind::kInt) << text;
    EXPECT_EQ(ResolvePlainScalar(text).integer, value) << text;
  }
}

TEST(YamlScalarTest, IntegersBeyond64BitsStopAtTheNearest) {
  const std::string digits(5000, '9');
  EXPECT_EQ(ResolvePlainScalar(digits).kind, Kind::kInt);
  EXPECT_EQ(ResolvePlainScalar(digits).integer,
            std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ResolvePlainScalar("-" + digits).integer,
            std::numeric_limits<int64_t>::min());
  EXPECT_EQ(ResolvePlainScalar("9223372036854775808").integer,
            std::numeric_limits<int64_t>::max());
}

TEST(YamlScalarTest, FloatsNeedAPoint) {
  for (const char* text : {"1.5", "-1.5", "+1.", "1.e+3", "1.5e-3", ".5",
                           "1_0.5", ".inf", "-.INF", ".nan", ".NaN", "._5"}) {
    const Kind kind = ResolvePlainScalar(text).kind;
    EXPECT_EQ(kind, std::string(text) == "._5" ? Kind::kString : Kind::kFloat)
        << text;
  }
}

TEST(YamlScalarTest, WhatPythonReadsAsADateOrBase60IsNeitherNumberNorString) {
  for (const char* text :
       {"2024-01-31", "2024-1-31 10:00:00", "2024-01-31T10:00:00Z", "1:30",
        "-12:30:00", "12:30.5", "=", "<<"}) {
    EXPECT_EQ(ResolvePlainScalar(text).kind, Kind::kOther) << text;
  }
}

TEST(YamlScalarTest, EverythingElseIsAString) {
  for (const char* text :
       {"a",     "nULL",   "yEs",       "y",         "n",
        "1e5",   "08",     "0o17",      "-",         "+",
        "_1",    "0x",     "0b2",       "127.0.0.1", "127.0.0.1:9020",
        "[::1]", "1:99",   "1:60",      "0:30",      "01:30",
        "1:",    "1:2:",   "2024-1-31", "2024-01",   "24-01-31",
        "-.5",   "-.nan",  ".",         "..",        "1.5e3",
        "1.5e",  "128MiB", "7d",        "::1"}) {
    EXPECT_EQ(ResolvePlainScalar(text).kind, Kind::kString) << text;
    EXPECT_EQ(ResolvePlainScalar(text).text, text);
  }
}

}  // namespace
}  // namespace logboom
