#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_FORMAT_SPEC_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_FORMAT_SPEC_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Python's format specification mini-language, as format() of CPython 3.11
// reads it (Python/formatter_unicode.c) after logging.StrFormatStyle's check
// has let it through: that knows no `z` and no line break as fill.
struct FormatSpec {
  bool empty = true;       // format(value, '') is str(value)
  char32_t fill = ' ';     // '0' when `zero`
  char align = 0;          // one of < > = ^; 0: the type's own
  char sign = 0;           // one of + - and space; 0: none written
  bool alternate = false;  // #
  bool zero = false;       // a 0 before the width, and no fill
  int width = -1;          // characters; -1: none
  char grouping = 0;       // , or _; 0: none
  int precision = -1;      // -1: none
  char type = 0;           // 0: the type's own

  // The alignment, where the value's type has this one of its own.
  char AlignOr(char own) const {
    if (align != 0) return align;
    return zero && own == '>' ? '=' : own;
  }
};

// How much of the padding stands before text aligned so, one of < > ^.
inline int64_t PaddingBefore(char align, int64_t padding) {
  return align == '>' ? padding : align == '^' ? padding / 2 : 0;
}

// Wider fields and longer precisions are refused, where Python has no bound but
// memory.
inline constexpr int kMaxFormatWidth = 10000;

// Errors: INVALID_ARGUMENT, what no type's format() could read.
absl::StatusOr<FormatSpec> ParseFormatSpec(absl::string_view text);

// Whether format() takes the specification for values of this type.
bool SuitsStr(const FormatSpec& spec);
bool SuitsInt(const FormatSpec& spec);  // as an integer: d x c and so on
bool SuitsFloat(const FormatSpec& spec);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_FORMAT_SPEC_H_
