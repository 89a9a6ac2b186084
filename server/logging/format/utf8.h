#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_UTF8_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// Text of records is UTF-8 by intention only. Everywhere in this folder a byte
// that belongs to no valid sequence (RFC 3629: no surrogates, nothing overlong,
// at most U+10FFFF) counts as one character.

struct Utf8Char {
  char32_t code_point = 0;  // the byte itself when not valid
  size_t size = 1;          // bytes
  bool valid = false;
};

// The character that starts at text[0]. `text` must not be empty.
Utf8Char DecodeUtf8(absl::string_view text);

// Appends one code point, at most U+10FFFF.
void AppendUtf8(char32_t code_point, std::string* out);

// Characters in the text.
size_t CountCharacters(absl::string_view text);

// The text's first `count` characters, or all of it.
absl::string_view FirstCharacters(absl::string_view text, size_t count);

// How many bytes from the start of `text` are printable ASCII (0x20...0x7E)
// other than a backslash: what no escaping ever touches.
size_t CleanAsciiPrefix(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_UTF8_H_
