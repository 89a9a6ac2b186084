#include "server/logging/format/python_quote.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "server/logging/format/unicode_printable.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

void AppendHex(absl::string_view introducer, uint32_t value, int digits,
               std::string* out) {
  out->append(introducer.data(), introducer.size());
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out->push_back("0123456789abcdef"[value >> shift & 0xF]);
  }
}

// \x41, \u2028 or \U0001f600, the shortest that holds it.
void AppendEscape(char32_t c, std::string* out) {
  if (c < 0x100) {
    AppendHex("\\x", c, 2, out);
  } else if (c < 0x10000) {
    AppendHex("\\u", c, 4, out);
  } else {
    AppendHex("\\U", c, 8, out);
  }
}

// Single quotes, unless only double ones need no escape.
char ChooseQuote(absl::string_view text) {
  return absl::StrContains(text, '\'') && !absl::StrContains(text, '"') ? '"'
                                                                        : '\'';
}

// The escapes that str and bytes share; false when `c` has none.
bool AppendCommonEscape(char c, char quote, std::string* out) {
  switch (c) {
    case '\t':
      out->append("\\t");
      return true;
    case '\n':
      out->append("\\n");
      return true;
    case '\r':
      out->append("\\r");
      return true;
    default:
      if (c != quote && c != '\\') return false;
      out->push_back('\\');
      out->push_back(c);
      return true;
  }
}

// A character that is not ASCII. Python's str may hold lone surrogates, which
// a pickle carries as the three bytes UTF-8 forbids.
Utf8Char DecodePythonChar(absl::string_view text) {
  const Utf8Char c = DecodeUtf8(text);
  if (c.valid || text.size() < 3 || text[0] != '\xED') return c;
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  if (second < 0xA0 || second > 0xBF || third < 0x80 || third > 0xBF) return c;
  return {static_cast<char32_t>(0xD000 | (second & 0x3F) << 6 | (third & 0x3F)),
          3, true};
}

// bytes between the quotes that suit them; `escaped` is the quote that gets a
// backslash.
void AppendBytes(absl::string_view bytes, char escaped, std::string* out) {
  const char quote = ChooseQuote(bytes);
  out->push_back('b');
  out->push_back(quote);
  for (const char c : bytes) {
    if (AppendCommonEscape(c, escaped, out)) continue;
    if (c >= 0x20 && c < 0x7F) {
      out->push_back(c);
    } else {
      AppendHex("\\x", static_cast<unsigned char>(c), 2, out);
    }
  }
  out->push_back(quote);
}

}  // namespace

void AppendStrRepr(absl::string_view text, std::string* out) {
  const char quote = ChooseQuote(text);
  out->push_back(quote);
  while (!text.empty()) {
    const Utf8Char c = DecodePythonChar(text);
    if (c.code_point < 0x80 && AppendCommonEscape(text[0], quote, out)) {
      // written
    } else if (c.valid && IsPrintable(c.code_point)) {
      out->append(text.data(), c.size);
    } else {
      AppendEscape(c.code_point, out);
    }
    text.remove_prefix(c.size);
  }
  out->push_back(quote);
}

void AppendBytesRepr(absl::string_view bytes, std::string* out) {
  AppendBytes(bytes, ChooseQuote(bytes), out);
}

void AppendBytearrayRepr(absl::string_view bytes, std::string* out) {
  out->append("bytearray(");
  AppendBytes(bytes, '\'', out);
  out->push_back(')');
}

void AppendEscapedAboveAscii(absl::string_view text, std::string* out) {
  while (!text.empty()) {
    const Utf8Char c = DecodePythonChar(text);
    if (c.code_point < 0x80) {
      out->push_back(text[0]);
    } else {
      AppendEscape(c.code_point, out);
    }
    text.remove_prefix(c.size);
  }
}

}  // namespace logboom
