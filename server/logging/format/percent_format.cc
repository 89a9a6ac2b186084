#include "server/logging/format/percent_format.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

constexpr absl::string_view kConversions = "diouxXeEfFgGcrsa";

bool IsWord(char c) {
  return absl::ascii_isalnum(c) || c == '_' || static_cast<signed char>(c) < 0;
}

void SkipWhile(absl::string_view* text, bool (*wanted)(char)) {
  while (!text->empty() && wanted(text->front())) text->remove_prefix(1);
}

// (\*|\d+), when there is one; false when there is none.
bool SkipNumber(absl::string_view* text) {
  if (!text->empty() && text->front() == '*') {
    text->remove_prefix(1);
    return true;
  }
  const size_t before = text->size();
  SkipWhile(text, [](char c) { return absl::ascii_isdigit(c) != 0; });
  return text->size() < before;
}

// logging/__init__.py, PercentStyle.validation_pattern, at the start of `text`:
// %\(\w+\)[#0+ -]*(\*|\d+)?(\.(\*|\d+))?[diouxefgcrsa%], any case.
bool StartsWithField(absl::string_view text) {
  if (text.substr(0, 2) != "%(") return false;
  text.remove_prefix(2);
  const size_t before = text.size();
  SkipWhile(&text, IsWord);
  if (text.size() == before || text.empty() || text[0] != ')') return false;
  text.remove_prefix(1);
  SkipWhile(&text, [](char c) {
    return absl::string_view("#0+ -").find(c) != absl::string_view::npos;
  });
  SkipNumber(&text);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    if (!SkipNumber(&text)) return false;
  }
  return !text.empty() &&
         absl::string_view("diouxefgcrsa%")
                 .find(absl::ascii_tolower(text[0])) != absl::string_view::npos;
}

}  // namespace

absl::Status PercentParser::status() const {
  return ok() ? absl::OkStatus() : absl::InvalidArgumentError(error_);
}

size_t PercentParser::position() const {
  return CountCharacters(format_.substr(0, begin_));
}

bool PercentParser::Next() {
  if (!ok() || AtEnd()) return false;
  begin_ = at_;
  is_field_ = false;
  if (format_[at_] != '%') return Literal(format_.find('%', at_));
  ++at_;
  if (!AtEnd() && format_[at_] == '%') {
    begin_ = at_;
    return Literal(at_ + 1);
  }
  return Field();
}

bool PercentParser::Literal(size_t end) {
  at_ = std::min(end, format_.size());
  text_ = format_.substr(begin_, at_ - begin_);
  return true;
}

bool PercentParser::Field() {
  is_field_ = true;
  has_key_ = star_width_ = star_precision_ = false;
  key_ = "";
  spec_ = PercentSpec();
  if (!AtEnd() && format_[at_] == '(' && !ParseKey()) return false;
  ParseFlags();
  if (!ParseNumber("width", &spec_.width, &star_width_)) return false;
  if (!AtEnd() && format_[at_] == '.') {
    ++at_;
    spec_.precision = 0;
    if (!ParseNumber("precision", &spec_.precision, &star_precision_)) {
      return false;
    }
  }
  if (!ParseConversion()) return false;
  text_ = format_.substr(begin_, at_ - begin_);
  return true;
}

// A key may hold parentheses, in pairs.
bool PercentParser::ParseKey() {
  const size_t begin = ++at_;
  for (int depth = 1; depth > 0; ++at_) {
    if (AtEnd()) return Fail("incomplete format key");
    if (format_[at_] == '(') ++depth;
    if (format_[at_] == ')') --depth;
  }
  has_key_ = true;
  key_ = format_.substr(begin, at_ - 1 - begin);
  return true;
}

void PercentParser::ParseFlags() {
  for (; !AtEnd(); ++at_) {
    switch (format_[at_]) {
      case '-':
        spec_.left = true;
        break;
      case '+':
        spec_.sign = true;
        break;
      case ' ':
        spec_.blank = true;
        break;
      case '#':
        spec_.alternate = true;
        break;
      case '0':
        spec_.zero = true;
        break;
      default:
        return;
    }
  }
}

bool PercentParser::ParseNumber(absl::string_view what, int* number,
                                bool* star) {
  if (!AtEnd() && format_[at_] == '*') {
    ++at_;
    *star = true;
    return true;
  }
  if (AtEnd() || !absl::ascii_isdigit(format_[at_])) return true;
  *number = 0;
  for (; !AtEnd() && absl::ascii_isdigit(format_[at_]); ++at_) {
    *number = *number * 10 + (format_[at_] - '0');
    if (*number > kMaxPercentWidth) {
      return Fail(absl::StrCat(what, " over ", kMaxPercentWidth));
    }
  }
  return true;
}

bool PercentParser::ParseConversion() {
  // C's length modifiers mean nothing to Python.
  if (!AtEnd() &&
      absl::string_view("hlL").find(format_[at_]) != absl::string_view::npos) {
    ++at_;
  }
  if (AtEnd()) return Fail("incomplete format");
  spec_.conversion = format_[at_];
  if (kConversions.find(spec_.conversion) == absl::string_view::npos) {
    const absl::string_view rest = format_.substr(at_);
    return Fail(absl::StrCat(
        "unsupported conversion '", rest.substr(0, DecodeUtf8(rest).size),
        "'; accepted: d i o u x X e E f F g G c r s a %%"));
  }
  ++at_;
  return true;
}

bool PercentParser::Fail(std::string error) {
  const size_t where = CountCharacters(format_.substr(0, at_));
  error_ = absl::StrCat("character ", where, ": ", error);
  return false;
}

bool HasPercentField(absl::string_view format) {
  for (size_t at = format.find('%'); at != absl::string_view::npos;
       at = format.find('%', at + 1)) {
    if (StartsWithField(format.substr(at))) return true;
  }
  return false;
}

}  // namespace logboom
