#ifndef LOGBOOM_TESTS_SERVER_LOGGING_FORMAT_STYLE_LINES_H_
#define LOGBOOM_TESTS_SERVER_LOGGING_FORMAT_STYLE_LINES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/logging/logging_options.h"

namespace logboom {

// The line of one golden record (golden_cases.h) in a style; of a format that
// is refused, the refusal.
std::string StyleLine(FormatStyle style, const std::string& format,
                      const nlohmann::json& record);

// Compares every line of a golden group, failing the test at the first that
// differs; how many were equal.
int CompareGoldenLines(absl::string_view group, FormatStyle style);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_LOGGING_FORMAT_STYLE_LINES_H_
