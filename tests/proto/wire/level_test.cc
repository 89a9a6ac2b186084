#include "proto/wire/level.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

// The table written out: the severity of each levelno from -5 to 60.
constexpr std::array<int32_t, 66> kSeverityOfLevelno = {
    0,  0,  0,  0,  0,                       // -5 to -1
    0,  1,  1,  2,  2,  3,  3,  3,  4,  4,   // 0 to 9
    5,  6,  7,  8,  8,  8,  8,  8,  8,  8,   // DEBUG
    9,  10, 11, 12, 12, 12, 12, 12, 12, 12,  // INFO
    13, 14, 15, 16, 16, 16, 16, 16, 16, 16,  // WARNING
    17, 18, 19, 20, 20, 20, 20, 20, 20, 20,  // ERROR
    21, 22, 23, 24, 24, 24, 24, 24, 24, 24,  // CRITICAL
    24,                                      // 60
};

// And the levelno of each severity from 0 to 24.
constexpr std::array<int32_t, 25> kLevelnoOfSeverity = {
    20,              // unspecified: INFO
    2,  4,  5,  8,   // TRACE
    10, 11, 12, 13,  // DEBUG
    20, 21, 22, 23,  // INFO
    30, 31, 32, 33,  // WARN
    40, 41, 42, 43,  // ERROR
    50, 51, 52, 53,  // FATAL
};

TEST(LevelTest, EveryLevelnoGivesTheSeverityOfTheTable) {
  for (int32_t levelno = -5; levelno <= 60; ++levelno) {
    EXPECT_EQ(SeverityFromLevelno(levelno), kSeverityOfLevelno[levelno + 5])
        << "levelno " << levelno;
  }
}

TEST(LevelTest, LevelnosFarOutsideTheTableAreClamped) {
  EXPECT_EQ(SeverityFromLevelno(kMin), 0);
  EXPECT_EQ(SeverityFromLevelno(-1000), 0);
  EXPECT_EQ(SeverityFromLevelno(1000), 24);
  EXPECT_EQ(SeverityFromLevelno(kMax), 24);
}

TEST(LevelTest, EverySeverityGivesTheLevelnoOfTheTable) {
  for (int32_t severity = 0; severity <= 24; ++severity) {
    EXPECT_EQ(LevelnoFromSeverity(severity), kLevelnoOfSeverity[severity])
        << "severity " << severity;
  }
}

TEST(LevelTest, SeveritiesOutsideTheScaleGiveInfo) {
  for (const int32_t severity : {kMin, -1, 25, 1000, kMax}) {
    EXPECT_EQ(LevelnoFromSeverity(severity), kLevelInfo) << severity;
  }
}

TEST(LevelTest, ASeveritySurvivesTheWayThereAndBack) {
  for (int32_t severity = 1; severity <= 24; ++severity) {
    EXPECT_EQ(SeverityFromLevelno(LevelnoFromSeverity(severity)), severity);
  }
}

TEST(LevelTest, SeverityNeverFallsAsTheLevelnoRises) {
  for (int32_t levelno = -5; levelno < 60; ++levelno) {
    EXPECT_LE(SeverityFromLevelno(levelno), SeverityFromLevelno(levelno + 1));
  }
}

TEST(LevelTest, NamesAreThoseOfGetLevelName) {
  const std::pair<int32_t, const char*> kNames[] = {
      {0, "NOTSET"},   {10, "DEBUG"}, {20, "INFO"},
      {30, "WARNING"}, {40, "ERROR"}, {50, "CRITICAL"}};
  for (const auto& [levelno, name] : kNames) {
    EXPECT_EQ(LevelName(levelno), name);
    EXPECT_EQ(LevelnoFromName(name), levelno);
  }
}

TEST(LevelTest, OtherNumbersAreNamedLevelN) {
  EXPECT_EQ(LevelName(25), "Level 25");
  EXPECT_EQ(LevelName(-1), "Level -1");
  EXPECT_EQ(LevelName(kMin), "Level -2147483648");
  EXPECT_EQ(LevelName(kMax), "Level 2147483647");
}

TEST(LevelTest, PythonsSecondNamesAreKnown) {
  EXPECT_EQ(LevelnoFromName("WARN"), kLevelWarning);
  EXPECT_EQ(LevelnoFromName("FATAL"), kLevelCritical);
}

TEST(LevelTest, OnlyPythonsExactNamesAreLevels) {
  for (const char* name : {"", "info", "Info", "INFO ", "TRACE", "Level 10"}) {
    EXPECT_EQ(LevelnoFromName(name), std::nullopt) << name;
  }
}

TEST(LevelTest, TextsOfAnySourceAndCaseGiveASeverity) {
  const std::pair<const char*, int32_t> kTexts[] = {
      {"TRACE", 1},     {"verbose", 1},   {"debug", 5},   {"fine", 6},
      {"info", 9},      {"notice", 10},   {"warn", 13},   {"Warning", 13},
      {"err", 17},      {"error", 17},    {"severe", 17}, {"FATAL", 21},
      {"critical", 21}, {"crit", 21},     {"alert", 22},  {"emerg", 23},
      {"Finest", 1},    {"emergency", 23}};
  for (const auto& [text, severity] : kTexts) {
    EXPECT_EQ(SeverityFromText(text), severity) << text;
    EXPECT_EQ(SeverityFromText(absl::AsciiStrToUpper(text)), severity) << text;
    EXPECT_EQ(SeverityFromText(absl::AsciiStrToLower(text)), severity) << text;
  }
}

TEST(LevelTest, OpenTelemetrysShortNamesTakeAStep) {
  const char* const kNames[] = {"trace", "DEBUG", "Info",
                                "warn",  "ERROR", "fatal"};
  int32_t severity = 1;
  for (const char* name : kNames) {
    EXPECT_EQ(SeverityFromText(name), severity++);
    for (int step = 2; step <= 4; ++step) {
      EXPECT_EQ(SeverityFromText(absl::StrCat(name, step)), severity++)
          << name << step;
    }
  }
}

TEST(LevelTest, TextsThatNameNoSeverityGiveNone) {
  for (const char* text : {"", "2", "info1", "info5", "info22", "warning2",
                           "loud", "inf\xC3\xB6", "in", "informations"}) {
    EXPECT_EQ(SeverityFromText(text), std::nullopt) << text;
  }
}

TEST(LevelTest, EveryPythonNameButNotsetIsASeverityText) {
  for (const char* name :
       {"CRITICAL", "FATAL", "ERROR", "WARNING", "WARN", "INFO", "DEBUG"}) {
    EXPECT_EQ(SeverityFromText(name),
              SeverityFromLevelno(LevelnoFromName(name).value()))
        << name;
  }
  EXPECT_EQ(SeverityFromText("NOTSET"), std::nullopt);
}

}  // namespace
}  // namespace logboom
