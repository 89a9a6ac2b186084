#ifndef LOGBOOM_PROTO_WIRE_LEVEL_H_
#define LOGBOOM_PROTO_WIRE_LEVEL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// Level names and numbers: the only table of them. A levelno is on Python's
// scale (logging/__init__.py), a severity number on OpenTelemetry's 0...24.

inline constexpr int32_t kLevelNotSet = 0;
inline constexpr int32_t kLevelDebug = 10;
inline constexpr int32_t kLevelInfo = 20;
inline constexpr int32_t kLevelWarning = 30;
inline constexpr int32_t kLevelError = 40;
inline constexpr int32_t kLevelCritical = 50;

// As OpenTelemetry's Python SDK from 10 up (10, 11, 12, 13-19 give 5, 6, 7, 8,
// and so on in tens; 53 and more give 24); below it <= 0 gives 0, 1-2 gives 1,
// 3-4 gives 2, 5-7 gives 3, 8-9 gives 4.
int32_t SeverityFromLevelno(int32_t levelno);

// Back: 1-4 give 2, 4, 5, 8; 5-8 give 10, 11, 12, 13; 9-12 give 20...23, and so
// on. 0 and numbers outside 1...24 give INFO.
int32_t LevelnoFromSeverity(int32_t severity_number);

// logging.getLevelName: "DEBUG", ..., "NOTSET"; any other number "Level N".
std::string LevelName(int32_t levelno);

// A level by Python's name ("WARN" and "FATAL" included), exact case as Python
// has it; nullopt for any other.
std::optional<int32_t> LevelnoFromName(absl::string_view name);

// A severity by a name of any source, any case ("warn", "Warning", "notice",
// "err", "TRACE", "FATAL", "info2"); nullopt for any other. For records that
// carry a severity_text and no number.
std::optional<int32_t> SeverityFromText(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_LEVEL_H_
