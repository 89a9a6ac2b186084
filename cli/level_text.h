#ifndef LOGBOOM_CLI_LEVEL_TEXT_H_
#define LOGBOOM_CLI_LEVEL_TEXT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "logboom/v1/control.pb.h"

namespace logboom {

// What `logboom level` and `logboom loggers` read and print.

// A level by Python's name, in any case, or a number from 0 up; nullopt:
// neither.
std::optional<int32_t> ParseLevel(absl::string_view text);
inline constexpr char kAcceptedLevels[] =
    "DEBUG, INFO, WARNING, ERROR, CRITICAL, NOTSET or a whole number from 0";

// "2 of 2 producers confirmed".
std::string ConfirmationText(const v1::ListLevelsResponse& levels);
bool AllConfirmed(const v1::ListLevelsResponse& levels);

// Tables on stdout, and what cannot be told levels.
void PrintLevels(const v1::ListLevelsResponse& levels);
nlohmann::ordered_json LevelsJson(const v1::ListLevelsResponse& levels);

void PrintLoggers(const v1::ListLoggersResponse& loggers);
nlohmann::ordered_json LoggersJson(const v1::ListLoggersResponse& loggers);

}  // namespace logboom

#endif  // LOGBOOM_CLI_LEVEL_TEXT_H_
