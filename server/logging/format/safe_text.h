#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_SAFE_TEXT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_SAFE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/logging/logging_options.h"

namespace logboom {

// How text that came with a record is put into output so that it can forge
// neither a record nor a terminal's state. For each of `newlines`:
//
//                          kIndent               kEscape      kRaw
//   LF                     LF, then "    | "     \n           LF
//   TAB                    TAB                   \t           TAB
//   CR                     \r                    \r           CR
//   other C0, DEL          \x1b                  \x1b         as it is
//   C1, U+2028, U+2029,    \u0085                \u0085       as it is
//   bidirectional controls
//   backslash              as it is              \\           as it is
//   a byte not in UTF-8    \xff                  \xff         \xff
//
// kIndent is for people: tabs of stack traces and Windows paths stay readable,
// so that a message with the two characters `\n` looks like an escaped line
// break in it (a CR is always escaped, so only such looks are ambiguous, never
// where a record begins). kEscape is one line a record, and reversible: every
// backslash in it is an escape. Hexadecimal digits are lower case, as Python's
// repr() has them.

// What begins every line of a record after its first. No first line begins so.
inline constexpr absl::string_view kContinuation = "    | ";

void AppendSafe(absl::string_view text, Newlines newlines, std::string* out);

// The line break that a formatter puts before exc_text and stack_info: written
// as one in the record's own text is.
void AppendLineBreak(Newlines newlines, std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_SAFE_TEXT_H_
