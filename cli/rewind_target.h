#ifndef LOGBOOM_CLI_REWIND_TARGET_H_
#define LOGBOOM_CLI_REWIND_TARGET_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/journal/rewind.h"

namespace logboom {

// What `handler rewind --to` takes: a record's offset, `beginning`, `head`, a
// time as RFC 3339 or as YYYY-MM-DD[ HH:MM[:SS]] in UTC, or how long before
// `now`, as ParseDuration has it.
// Errors: INVALID_ARGUMENT, naming the text and what is accepted.
absl::StatusOr<RewindTarget> ParseRewindTarget(absl::string_view text,
                                               absl::Time now);

}  // namespace logboom

#endif  // LOGBOOM_CLI_REWIND_TARGET_H_
