#ifndef LOGBOOM_CLI_OUTPUT_H_
#define LOGBOOM_CLI_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// What the commands print: results on stdout, complaints on stderr. Colour is
// used on a terminal only, and not when NO_COLOR is set (https://no-color.org).
// Not thread-safe: commands print from the main thread.

enum class Style { kPlain, kGood, kBad, kDim };

// `text` in a style, for a line of stdout. Plain when stdout takes no colour.
std::string Styled(absl::string_view text, Style style);

// "1 record", "2 records".
std::string Counted(int64_t count, absl::string_view what);

// One line on stdout. Control characters are the caller's concern.
void PrintLine(absl::string_view line);

// "logboom: text" on stderr, with control characters escaped.
void PrintError(absl::string_view text);

// Lines on stderr as they are but for control characters.
void PrintErrorLines(absl::string_view lines);

// Hands on what PrintLine has buffered. False, with a line on stderr, when
// stdout took not all of it (a full disk).
bool FlushOutput();

}  // namespace logboom

#endif  // LOGBOOM_CLI_OUTPUT_H_
