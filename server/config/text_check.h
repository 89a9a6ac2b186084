#ifndef LOGBOOM_SERVER_CONFIG_TEXT_CHECK_H_
#define LOGBOOM_SERVER_CONFIG_TEXT_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace logboom {

// OK when `text` is UTF-8 and has only the characters that YAML lets stand in a
// file (YAML 1.1, c-printable); yaml-cpp itself takes a byte 4 for the end and
// replaces what is not UTF-8.
// Errors: INVALID_ARGUMENT, `LINE:COLUMN: what is wrong`.
absl::Status CheckText(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_TEXT_CHECK_H_
