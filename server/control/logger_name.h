#ifndef LOGBOOM_SERVER_CONTROL_LOGGER_NAME_H_
#define LOGBOOM_SERVER_CONTROL_LOGGER_NAME_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Names that operators give (proto/logboom/v1/control.proto). Pure.

inline constexpr size_t kMaxControlNameBytes = 256;

// The name of a logger a level is set for; '' gives "root". Errors:
// INVALID_ARGUMENT, naming what is wrong and what is accepted.
absl::StatusOr<std::string> CheckLoggerName(absl::string_view name);

// A service's name; '' is all services. Errors: as above.
absl::Status CheckServiceName(absl::string_view name);

// Text of a producer for a message that takes UTF-8 only: bytes that are not
// part of it are written as \xNN.
std::string Utf8Text(absl::string_view bytes);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_LOGGER_NAME_H_
