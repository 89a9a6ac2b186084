#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_BRACE_STYLE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_BRACE_STYLE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/logging/format/format_piece.h"

namespace logboom {

// logging.StrFormatStyle: "{levelname:<8} {x!r:>{width}} {args[0]} {{". Unlike
// Python's, a name goes on with dots ("{http.request.method}" is an attribute
// of that name, not a value's attributes); and {} and {0}, which fail at every
// record, are refused, as are specifications that no type of value has.
// Errors: INVALID_ARGUMENT, saying what is refused and at which character.
absl::StatusOr<std::vector<FormatPiece>> CompileBraceStyle(
    absl::string_view format);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_BRACE_STYLE_H_
