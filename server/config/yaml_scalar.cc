#include "server/config/yaml_scalar.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace logboom {
namespace {

template <size_t N>
bool IsOneOf(absl::string_view text, const absl::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

// Takes what is in `set` off the front; how many characters that were.
size_t Skip(absl::string_view* text, absl::string_view set) {
  const size_t n = std::min(text->find_first_not_of(set), text->size());
  text->remove_prefix(n);
  return n;
}

bool SkipSign(absl::string_view* text) {
  return absl::ConsumePrefix(text, "+") || absl::ConsumePrefix(text, "-");
}

constexpr absl::string_view kDigits = "0123456789";
constexpr absl::string_view kDigitsOr_ = "0123456789_";

// (:[0-5]?[0-9])+
bool SkipBase60(absl::string_view* text) {
  bool any = false;
  while (absl::ConsumePrefix(text, ":")) {
    absl::string_view before = *text;
    const size_t n = Skip(text, kDigits);
    if (n == 0 || n > 2 || (n == 2 && before[0] > '5')) return false;
    any = true;
  }
  return any;
}

bool IsBase60(absl::string_view text) {
  SkipSign(&text);
  if (text.empty() || !absl::ascii_isdigit(text[0])) return false;
  const bool may_be_int = text[0] != '0';
  Skip(&text, kDigitsOr_);
  if (!SkipBase60(&text)) return false;
  if (text.empty()) return may_be_int;
  if (!absl::ConsumePrefix(&text, ".")) return false;
  Skip(&text, kDigitsOr_);
  return text.empty();
}

// Whether `text` is a number in `set`'s digits and underscores, as a value.
std::optional<int64_t> Digits(absl::string_view text, absl::string_view set,
                              int base, bool negative) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  bool any = false;
  int64_t value = 0;
  bool overflow = false;
  for (const char c : text) {
    if (c == '_') continue;
    const size_t digit = set.find(absl::ascii_tolower(c));
    if (digit == absl::string_view::npos) return std::nullopt;
    any = true;
    const auto step = static_cast<int64_t>(negative ? -digit : digit);
    overflow = overflow || __builtin_mul_overflow(value, base, &value) ||
               __builtin_add_overflow(value, step, &value);
  }
  if (!any) return std::nullopt;
  return overflow ? (negative ? kMin : kMax) : value;
}

std::optional<int64_t> ParseInt(absl::string_view text) {
  const bool negative = absl::StartsWith(text, "-");
  SkipSign(&text);
  if (text == "0") return 0;
  if (absl::ConsumePrefix(&text, "0b")) return Digits(text, "01", 2, negative);
  if (absl::ConsumePrefix(&text, "0x")) {
    return Digits(text, "0123456789abcdef", 16, negative);
  }
  if (absl::ConsumePrefix(&text, "0")) {
    return Digits(text, "01234567", 8, negative);
  }
  if (absl::StartsWith(text, "_")) return std::nullopt;
  return Digits(text, kDigits, 10, negative);
}

// ([eE][-+][0-9]+)?
bool IsExponentOrEmpty(absl::string_view text) {
  if (text.empty()) return true;
  if (!absl::ConsumePrefix(&text, "e") && !absl::ConsumePrefix(&text, "E")) {
    return false;
  }
  return SkipSign(&text) && Skip(&text, kDigits) > 0 && text.empty();
}

bool IsFloat(absl::string_view text) {
  constexpr absl::string_view kInfinity[] = {".inf", ".Inf", ".INF"};
  constexpr absl::string_view kNan[] = {".nan", ".NaN", ".NAN"};
  if (IsOneOf(text, kNan)) return true;
  const bool has_sign = SkipSign(&text);
  if (IsOneOf(text, kInfinity)) return true;
  if (absl::StartsWith(text, "_")) return false;
  const size_t whole = Skip(&text, kDigitsOr_);
  if (!absl::ConsumePrefix(&text, ".")) return false;
  if (whole == 0 &&
      (has_sign || text.empty() || !absl::ascii_isdigit(text[0]))) {
    return false;
  }
  Skip(&text, kDigitsOr_);
  return IsExponentOrEmpty(text);
}

// YYYY-MM-DD, or a date and something that begins like a time. A little wider
// than PyYAML's expression: what it takes too much only has to be quoted.
bool IsTimestamp(absl::string_view text) {
  if (Skip(&text, kDigits) != 4 || !absl::ConsumePrefix(&text, "-")) {
    return false;
  }
  const size_t month = Skip(&text, kDigits);
  if (!absl::ConsumePrefix(&text, "-")) return false;
  const size_t day = Skip(&text, kDigits);
  if (month < 1 || month > 2 || day < 1 || day > 2) return false;
  if (text.empty()) return month == 2 && day == 2;
  if (Skip(&text, "Tt \t") == 0) return false;
  const size_t hour = Skip(&text, kDigits);
  return hour >= 1 && hour <= 2 && absl::StartsWith(text, ":");
}

}  // namespace

YamlNode ResolvePlainScalar(absl::string_view text) {
  constexpr absl::string_view kNulls[] = {"", "~", "null", "Null", "NULL"};
  constexpr absl::string_view kTrue[] = {"yes",  "Yes", "YES", "true", "True",
                                         "TRUE", "on",  "On",  "ON"};
  constexpr absl::string_view kFalse[] = {
      "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
  YamlNode node;
  node.kind = YamlNode::Kind::kString;
  node.text = std::string(text);
  if (IsOneOf(text, kNulls)) {
    node.kind = YamlNode::Kind::kNull;
  } else if (IsOneOf(text, kTrue) || IsOneOf(text, kFalse)) {
    node.kind = YamlNode::Kind::kBool;
    node.boolean = IsOneOf(text, kTrue);
  } else if (const std::optional<int64_t> value = ParseInt(text)) {
    node.kind = YamlNode::Kind::kInt;
    node.integer = *value;
  } else if (IsFloat(text)) {
    node.kind = YamlNode::Kind::kFloat;
  } else if (text == "=" || text == "<<" || IsBase60(text) ||
             IsTimestamp(text)) {
    node.kind = YamlNode::Kind::kOther;
  }
  return node;
}

}  // namespace logboom
