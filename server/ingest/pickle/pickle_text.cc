#include "server/ingest/pickle/pickle_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace logboom {
namespace {

// Longer float texts are nobody's repr().
constexpr size_t kMaxFloatBytes = 400;

bool IsHighSurrogate(uint32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool IsLowSurrogate(uint32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
    return;
  }
  if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | c >> 6));
  } else {
    if (c < 0x10000) {
      out->push_back(static_cast<char>(0xE0 | c >> 12));
    } else {
      out->push_back(static_cast<char>(0xF0 | c >> 18));
      out->push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    }
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
  }
  out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
}

// Takes `digits` characters of `base` (8 or 16) off the front of `text`: at
// least `min_digits`, at most `max_digits`.
bool TakeDigits(int base, size_t min_digits, size_t max_digits,
                absl::string_view* text, uint32_t* value) {
  size_t n = 0;
  *value = 0;
  while (n < max_digits && n < text->size()) {
    const char c = absl::ascii_tolower((*text)[n]);
    const int digit = absl::ascii_isdigit(c) ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                             : base;
    if (digit >= base) break;
    *value =
        *value * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
    ++n;
  }
  text->remove_prefix(n);
  return n >= min_digits;
}

// A number of so many digits, which a thread's has, is below 2^63.
bool ParseUpTo18Digits(absl::string_view text, PythonValue* value) {
  if (text.empty() || text.size() > 18) return false;
  int64_t number = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
    number = number * 10 + (c - '0');
  }
  *value = PythonValue::Int(number);
  return true;
}

// Digits with an optional sign, leading zeros cut.
bool NormalizeDecimal(absl::string_view text, bool* negative,
                      absl::string_view* digits) {
  *negative = absl::ConsumePrefix(&text, "-");
  if (!*negative) absl::ConsumePrefix(&text, "+");
  if (text.empty()) return false;
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  const size_t first = text.find_first_not_of('0');
  *digits = first == absl::string_view::npos ? text.substr(text.size() - 1)
                                             : text.substr(first);
  return true;
}

// What follows a backslash in a str's repr(); `text` starts behind it. Unknown
// escapes keep their backslash, as in Python.
bool TakeEscape(absl::string_view* text, std::string* out) {
  if (text->empty()) return false;
  const char c = text->front();
  uint32_t byte = 0;
  if (c >= '0' && c <= '7') {
    TakeDigits(8, 1, 3, text, &byte);
    out->push_back(static_cast<char>(byte));
    return true;
  }
  text->remove_prefix(1);
  constexpr absl::string_view kNames = "\\'\"abfnrtv";
  constexpr absl::string_view kBytes = "\\'\"\a\b\f\n\r\t\v";
  if (const size_t at = kNames.find(c); at != absl::string_view::npos) {
    out->push_back(kBytes[at]);
    return true;
  }
  if (c == 'x') {
    if (!TakeDigits(16, 2, 2, text, &byte)) return false;
    out->push_back(static_cast<char>(byte));
    return true;
  }
  out->push_back('\\');
  out->push_back(c);
  return true;
}

// One code point of raw-unicode-escape off the front of `text`. A backslash
// that is itself behind an odd number of backslashes starts no escape.
bool TakeRawUnicode(absl::string_view* text, bool escaped, uint32_t* c) {
  *c = static_cast<unsigned char>(text->front());
  const bool escape = *c == '\\' && !escaped && text->size() > 1 &&
                      ((*text)[1] == 'u' || (*text)[1] == 'U');
  if (!escape) {
    text->remove_prefix(1);
    return true;
  }
  const size_t digits = (*text)[1] == 'u' ? 4 : 8;
  text->remove_prefix(2);
  return TakeDigits(16, digits, digits, text, c) && *c <= 0x10FFFF;
}

}  // namespace

bool ParsePickleInt(absl::string_view text, PythonValue* value) {
  if (text == "01" || text == "00") {
    *value = PythonValue::Bool(text == "01");
    return true;
  }
  return ParsePickleLong(text, value);
}

bool ParsePickleLong(absl::string_view text, PythonValue* value) {
  absl::ConsumeSuffix(&text, "L");
  if (ParseUpTo18Digits(text, value)) return true;
  bool negative;
  absl::string_view digits;
  if (!NormalizeDecimal(text, &negative, &digits)) return false;
  // 20 characters hold every int of 64 bits; longer texts are not parsed, so
  // that a million digits cost a million steps.
  int64_t number;
  if (digits.size() < 20 && absl::SimpleAtoi(text, &number)) {
    *value = PythonValue::Int(number);
    return true;
  }
  if (negative) {
    // Zeros between the sign and the digits that are kept: nobody's pickle.
    if (digits.size() + 1 != text.size()) return false;
    digits = text;
  }
  *value = PythonValue::Text(PythonValue::Kind::kDecimalInt, digits);
  return true;
}

bool ParsePickleFloat(absl::string_view text, PythonValue* value) {
  double number;
  if (text.size() > kMaxFloatBytes || !absl::SimpleAtod(text, &number)) {
    return false;
  }
  *value = PythonValue::Double(number);
  return true;
}

bool ParsePickleString(absl::string_view text, std::string* scratch,
                       absl::string_view* result) {
  if (text.size() < 2 || text.front() != text.back()) return false;
  if (text.front() != '\'' && text.front() != '"') return false;
  text = text.substr(1, text.size() - 2);
  if (text.find('\\') == absl::string_view::npos) {
    *result = text;
    return true;
  }
  scratch->clear();
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      scratch->push_back(c);
    } else if (!TakeEscape(&text, scratch)) {
      return false;
    }
  }
  *result = *scratch;
  return true;
}

bool ParsePickleUnicode(absl::string_view text, std::string* scratch,
                        absl::string_view* result) {
  bool plain = true;
  for (const char c : text) plain &= absl::ascii_isascii(c) && c != '\\';
  if (plain) {
    *result = text;
    return true;
  }
  scratch->clear();
  bool escaped = false;
  uint32_t high = 0;  // a surrogate that waits for its other half
  while (!text.empty()) {
    uint32_t c;
    const bool backslash = text.front() == '\\';
    const size_t before = text.size();
    if (!TakeRawUnicode(&text, escaped, &c)) return false;
    escaped = backslash && before - text.size() == 1 && !escaped;
    if (high != 0 && IsLowSurrogate(c)) {
      c = 0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00);
    } else if (high != 0) {
      AppendUtf8(high, scratch);
    }
    high = IsHighSurrogate(c) ? c : 0;
    if (high == 0) AppendUtf8(c, scratch);
  }
  if (high != 0) AppendUtf8(high, scratch);
  *result = *scratch;
  return true;
}

bool Utf8ToLatin1(absl::string_view utf8, std::string* latin1) {
  latin1->clear();
  for (size_t i = 0; i < utf8.size(); ++i) {
    const uint32_t c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x80) {
      latin1->push_back(static_cast<char>(c));
      continue;
    }
    if ((c != 0xC2 && c != 0xC3) || i + 1 == utf8.size()) return false;
    const uint32_t next = static_cast<unsigned char>(utf8[++i]);
    if ((next & 0xC0) != 0x80) return false;
    latin1->push_back(static_cast<char>((c & 0x03) << 6 | (next & 0x3F)));
  }
  return true;
}

}  // namespace logboom
