#include "server/logging/format/safe_text.h"

#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void AppendHex(absl::string_view introducer, uint32_t value, int digits,
               std::string* out) {
  out->append(introducer.data(), introducer.size());
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out->push_back(kHexDigits[value >> shift & 0xF]);
  }
}

// Above ASCII: what changes lines, terminals or reading order. The
// bidirectional controls are those of Unicode's UAX #9.
bool IsHazard(char32_t c) {
  if (c < 0xA0) return c >= 0x80;
  if (c < 0x61C) return false;
  return c == 0x61C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void AppendAscii(char c, Newlines newlines, std::string* out) {
  const bool escape = newlines == Newlines::kEscape;
  if (c == '\n') {
    AppendLineBreak(newlines, out);
  } else if (c == '\r') {
    out->append("\\r");
  } else if (c == '\t' && escape) {
    out->append("\\t");
  } else if (c == '\\' && escape) {
    out->append("\\\\");
  } else if ((c < 0x20 && c != '\t') || c == 0x7F) {
    AppendHex("\\x", static_cast<unsigned char>(c), 2, out);
  } else {
    out->push_back(c);
  }
}

void AppendCharacter(absl::string_view bytes, const Utf8Char& c,
                     Newlines newlines, std::string* out) {
  if (!c.valid) {
    AppendHex("\\x", c.code_point, 2, out);
  } else if (newlines == Newlines::kRaw) {
    out->append(bytes.data(), c.size);
  } else if (c.code_point < 0x80) {
    AppendAscii(bytes[0], newlines, out);
  } else if (IsHazard(c.code_point)) {
    AppendHex("\\u", c.code_point, 4, out);
  } else {
    out->append(bytes.data(), c.size);
  }
}

}  // namespace

void AppendSafe(absl::string_view text, Newlines newlines, std::string* out) {
  while (true) {
    const size_t clean = CleanAsciiPrefix(text);
    out->append(text.data(), clean);
    text.remove_prefix(clean);
    if (text.empty()) return;
    const Utf8Char c = DecodeUtf8(text);
    AppendCharacter(text, c, newlines, out);
    text.remove_prefix(c.size);
  }
}

void AppendLineBreak(Newlines newlines, std::string* out) {
  if (newlines == Newlines::kEscape) {
    out->append("\\n");
    return;
  }
  out->push_back('\n');
  if (newlines == Newlines::kIndent) {
    out->append(kContinuation.data(), kContinuation.size());
  }
}

}  // namespace logboom
