#ifndef LOGBOOM_BASE_UNITS_H_
#define LOGBOOM_BASE_UNITS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace logboom {

// A size as people write it: a whole number and B, KiB, MiB or GiB; a bare
// number is bytes. Not negative. Errors: INVALID_ARGUMENT, naming the text and
// what is accepted.
absl::StatusOr<int64_t> ParseSize(absl::string_view text);

// The shortest exact form ParseSize reads back: 134217728 gives "128MiB".
std::string FormatSize(int64_t bytes);

// A duration: a whole number and ms, s, m, h or d. Not negative; the unit is
// required. Errors: INVALID_ARGUMENT, as ParseSize.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

// The shortest exact form ParseDuration reads back, to the millisecond.
std::string FormatDuration(absl::Duration duration);

}  // namespace logboom

#endif  // LOGBOOM_BASE_UNITS_H_
