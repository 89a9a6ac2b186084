#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_STYLE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_STYLE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/logging/format/format_piece.h"

namespace logboom {

// logging.PercentStyle: "%(levelname)-8s %(message)s".
// Errors: INVALID_ARGUMENT, saying what is refused and at which character.
absl::StatusOr<std::vector<FormatPiece>> CompilePercentStyle(
    absl::string_view format);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_STYLE_H_
