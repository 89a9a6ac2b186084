#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_DOLLAR_STYLE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_DOLLAR_STYLE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/logging/format/format_piece.h"

namespace logboom {

// logging.StringTemplateStyle: "$levelname ${message} $$". A name is an
// identifier of ASCII letters; in braces, unlike Python's, it may go on with
// dots: "${http.request.method}".
// Errors: INVALID_ARGUMENT, saying what is refused and at which character.
absl::StatusOr<std::vector<FormatPiece>> CompileDollarStyle(
    absl::string_view format);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_DOLLAR_STYLE_H_
