#ifndef LOGBOOM_SERVER_LOGGING_RESUME_OUTPUT_H_
#define LOGBOOM_SERVER_LOGGING_RESUME_OUTPUT_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/logging/appended_file.h"
#include "server/logging/output_claim.h"

namespace logboom {

// Decides from what a file has where its handler goes on, so that each record
// is in it once and nobody's bytes are lost:
//
// With a mark, whose text lies between `before` and `after`:
//   the text is all there         go on at `after`
//   none of it, nothing behind    go on at `before`
//   a part of it, nothing behind  cut that part off; go on at `before`
//   else                          the bytes are somebody else's, at least in
//                                 part: all stay; go on at `before` at the end
// Without one, because the machine was started again, or after a failed sync:
//   as long as at `position`      go on there
//   longer                        cut the handler's own bytes off; those that
//                                 may be are moved to a file beside it; go on
// Another file, a shorter one, one whose lock somebody else has: nothing is
// cut; go on at its end.
//
// Where it cannot be known whether a record is there it is written again: the
// note says so.
// Errors: UNAVAILABLE, the file cannot be read or cut now: try again.
absl::StatusOr<ResumedOutput> ResumeOutput(const OutputClaim& claim,
                                           AppendedFile* file);

// How many bytes of `text`, formatted anew from where it went on, are what the
// file kept; 0 when it is another text by now.
size_t KeptBytes(const ResumedOutput& resumed, absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_RESUME_OUTPUT_H_
