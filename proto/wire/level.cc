#include "proto/wire/level.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

struct NamedNumber {
  absl::string_view name;
  int32_t number;
};

// CPython's logging._nameToLevel. Where a number has two names, the first is
// the one logging.getLevelName gives.
constexpr std::array<NamedNumber, 8> kPythonLevels = {{
    {"CRITICAL", kLevelCritical},
    {"FATAL", kLevelCritical},
    {"ERROR", kLevelError},
    {"WARNING", kLevelWarning},
    {"WARN", kLevelWarning},
    {"INFO", kLevelInfo},
    {"DEBUG", kLevelDebug},
    {"NOTSET", kLevelNotSet},
}};

// OpenTelemetry's short names, which may carry a step from 2 to 4 ("INFO2").
constexpr std::array<NamedNumber, 6> kSteppedSeverities = {{
    {"TRACE", 1},
    {"DEBUG", 5},
    {"INFO", 9},
    {"WARN", 13},
    {"ERROR", 17},
    {"FATAL", 21},
}};

// Names of other sources (syslog, java.util.logging), after the example
// mappings in appendix B of OpenTelemetry's log data model, but for two things:
// "critical" is Python's, so syslog's two names above it stand higher than
// there; and "verbose" is below DEBUG, as Serilog and Android have it.
constexpr std::array<NamedNumber, 17> kOtherSeverities = {{
    {"WARNING", 13},
    {"CRITICAL", 21},
    {"CRIT", 21},
    {"ERR", 17},
    {"NOTICE", 10},
    {"INFORMATIONAL", 9},
    {"INFORMATION", 9},
    {"ALERT", 22},
    {"EMERG", 23},
    {"EMERGENCY", 23},
    {"PANIC", 23},
    {"VERBOSE", 1},
    {"FINEST", 1},
    {"FINER", 5},
    {"FINE", 6},
    {"CONFIG", 7},
    {"SEVERE", 17},
}};

}  // namespace

int32_t SeverityFromLevelno(int32_t levelno) {
  // Below DEBUG OpenTelemetry's SDK has "unspecified"; levels there are TRACE.
  constexpr std::array<int32_t, 10> kBelowDebug = {0, 1, 1, 2, 2,
                                                   3, 3, 3, 4, 4};
  if (levelno <= 0) return 0;
  if (levelno < 10) return kBelowDebug[static_cast<size_t>(levelno)];
  if (levelno >= 53) return 24;
  return levelno / 10 * 4 + 1 + std::min(levelno % 10, 3);
}

int32_t LevelnoFromSeverity(int32_t severity_number) {
  constexpr std::array<int32_t, 4> kTrace = {2, 4, 5, 8};
  if (severity_number < 1 || severity_number > 24) return kLevelInfo;
  const int32_t name = (severity_number - 1) / 4;  // 0 TRACE ... 5 FATAL
  const int32_t step = (severity_number - 1) % 4;
  return name == 0 ? kTrace[static_cast<size_t>(step)] : name * 10 + step;
}

std::string LevelName(int32_t levelno) {
  for (const NamedNumber& level : kPythonLevels) {
    if (level.number == levelno) return std::string(level.name);
  }
  return absl::StrCat("Level ", levelno);
}

std::optional<int32_t> LevelnoFromName(absl::string_view name) {
  for (const NamedNumber& level : kPythonLevels) {
    if (level.name == name) return level.number;
  }
  return std::nullopt;
}

std::optional<int32_t> SeverityFromText(absl::string_view text) {
  for (const NamedNumber& other : kOtherSeverities) {
    if (absl::EqualsIgnoreCase(other.name, text)) return other.number;
  }
  int32_t step = 0;
  if (!text.empty() && text.back() >= '2' && text.back() <= '4') {
    step = text.back() - '1';
    text.remove_suffix(1);
  }
  for (const NamedNumber& stepped : kSteppedSeverities) {
    if (absl::EqualsIgnoreCase(stepped.name, text)) {
      return stepped.number + step;
    }
  }
  return std::nullopt;
}

}  // namespace logboom
