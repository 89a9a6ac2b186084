#include "server/config/text_check.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

// Takes one character off the front; -1 when the bytes are not UTF-8 (RFC 3629:
// shortest form, no surrogates, at most U+10FFFF).
int32_t NextCharacter(absl::string_view* text) {
  const auto first = static_cast<uint8_t>(text->front());
  const int length = first < 0x80   ? 1
                     : first < 0xC2 ? 0
                     : first < 0xE0 ? 2
                     : first < 0xF0 ? 3
                     : first < 0xF5 ? 4
                                    : 0;
  if (length == 0 || text->size() < static_cast<size_t>(length)) return -1;
  int32_t character = length == 1 ? first : first & (0x7F >> length);
  for (int i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>((*text)[i]);
    if ((byte & 0xC0) != 0x80) return -1;
    character = (character << 6) | (byte & 0x3F);
  }
  const bool overlong = (length == 3 && character < 0x800) ||
                        (length == 4 && character < 0x10000);
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (overlong || surrogate || character > 0x10FFFF) return -1;
  text->remove_prefix(length);
  return character;
}

bool IsPrintable(int32_t c) {
  if (c == '\t' || c == '\n' || c == '\r' || c == 0x85) return true;
  return (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c != 0xFFFE && c != 0xFFFF);
}

absl::Status ErrorAt(absl::string_view before, absl::string_view message) {
  int line = 1;
  size_t line_start = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i] != '\n') continue;
    ++line;
    line_start = i + 1;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(line, ":", before.size() - line_start + 1, ": ", message));
}

}  // namespace

absl::Status CheckText(absl::string_view text) {
  absl::string_view rest = text;
  while (!rest.empty()) {
    const absl::string_view before = text.substr(0, text.size() - rest.size());
    const auto first = static_cast<uint8_t>(rest.front());
    const int32_t character = NextCharacter(&rest);
    if (character < 0) {
      return ErrorAt(
          before,
          absl::StrFormat("byte 0x%02x is not UTF-8; accepted: UTF-8", first));
    }
    if (!IsPrintable(character)) {
      return ErrorAt(
          before, absl::StrFormat("the control character U+%04X; accepted: an "
                                  "escape in a double-quoted string",
                                  character));
    }
  }
  return absl::OkStatus();
}

}  // namespace logboom
