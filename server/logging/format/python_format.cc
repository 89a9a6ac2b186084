#include "server/logging/format/python_format.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/logging/format/float_digits.h"
#include "server/logging/format/python_number.h"
#include "server/logging/format/python_text.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

void AppendFill(const FormatSpec& spec, int64_t count, std::string* out) {
  if (spec.fill < 0x80) {
    out->append(count, static_cast<char>(spec.fill));
    return;
  }
  for (; count > 0; --count) AppendUtf8(spec.fill, out);
}

bool FormatText(const FormatSpec& spec, absl::string_view text,
                std::string* out) {
  if (!SuitsStr(spec)) return false;
  if (spec.precision >= 0) text = FirstCharacters(text, spec.precision);
  const int64_t size = CountCharacters(text);
  const int64_t padding = std::max<int64_t>(spec.width - size, 0);
  const int64_t before = PaddingBefore(spec.AlignOr('<'), padding);
  AppendFill(spec, before, out);
  out->append(text.data(), text.size());
  AppendFill(spec, padding - before, out);
  return true;
}

// A number cut at its point: what is grouped, and what follows.
struct NumberText {
  bool negative = false;
  absl::string_view prefix;  // 0x
  std::string digits;
  std::string rest;  // from the point on; or "nan", or a character
};

// _PyUnicode_InsertThousandsGrouping: the digits in groups, filled with zeros
// that are grouped as well until there are `least` characters.
std::string Grouped(const FormatSpec& spec, const std::string& digits,
                    int64_t least) {
  int64_t left = digits.size();
  const auto zeros = std::max<int64_t>(least - left, 0);
  if (spec.grouping == 0) return std::string(zeros, '0') + digits;
  const bool binary = absl::StrContains("boxX", spec.type) && spec.type != 0;
  const int64_t group = binary ? 4 : 3;
  std::string reversed;
  while (true) {
    const int64_t size = std::min(group, std::max<int64_t>({left, least, 1}));
    for (int64_t i = 0; i < size; ++i) {
      reversed.push_back(left > 0 ? digits[--left] : '0');
    }
    least -= size;
    if (left <= 0 && least <= 0) break;
    reversed.push_back(spec.grouping);
    --least;
  }
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

// calc_number_widths and fill_number.
void AppendNumber(const FormatSpec& spec, const NumberText& number,
                  std::string* out) {
  const char sign = number.negative                        ? '-'
                    : spec.sign == '+' || spec.sign == ' ' ? spec.sign
                                                           : 0;
  const char align = spec.AlignOr('>');
  int64_t size =
      (sign != 0) + number.prefix.size() + CountCharacters(number.rest);
  const bool zeros = spec.fill == '0' && align == '=';
  const std::string digits =
      number.digits.empty()
          ? ""
          : Grouped(spec, number.digits, zeros ? spec.width - size : 0);
  size += digits.size();
  const int64_t padding = std::max<int64_t>(spec.width - size, 0);
  const int64_t before = PaddingBefore(align, padding);
  AppendFill(spec, before, out);
  if (sign != 0) out->push_back(sign);
  out->append(number.prefix.data(), number.prefix.size());
  if (align == '=') AppendFill(spec, padding, out);
  out->append(digits);
  out->append(number.rest);
  if (align == '<' || align == '^') AppendFill(spec, padding - before, out);
}

// Surrogates could not be written out.
bool FormatCharacter(const FormatSpec& spec, const PyValue& value,
                     std::string* out) {
  const int64_t code = value.int_value();
  if (value.kind() == Kind::kObject || code < 0 || code > 0x10FFFF ||
      (code >= 0xD800 && code <= 0xDFFF)) {
    return false;
  }
  NumberText number;
  AppendUtf8(static_cast<char32_t>(code), &number.rest);
  AppendNumber(spec, number, out);
  return true;
}

bool FormatInteger(const FormatSpec& spec, const PyValue& value,
                   std::string* out) {
  std::optional<IntegerText> integer;
  NumberText number;
  switch (spec.type) {
    case 'c':
      return FormatCharacter(spec, value, out);
    case 'b':
      integer = IndexDigits(value, 2);
      number.prefix = "0b";
      break;
    case 'o':
      integer = IndexDigits(value, 8);
      number.prefix = "0o";
      break;
    case 'x':
    case 'X':
      integer = IndexDigits(value, 16);
      number.prefix = spec.type == 'x' ? "0x" : "0X";
      break;
    default:
      integer = DecimalDigits(value);
  }
  if (!integer) return false;
  if (!spec.alternate) number.prefix = "";
  number.negative = integer->negative;
  number.digits = std::move(integer->digits);
  if (spec.type == 'X') absl::AsciiStrToUpper(&number.digits);
  AppendNumber(spec, number, out);
  return true;
}

// repr() of a float, which with # keeps a point that nothing follows.
std::string ReprDigits(bool alternate, double magnitude) {
  std::string digits;
  AppendFloatRepr(magnitude, true, &digits);
  if (alternate && !absl::StrContains(digits, '.')) {
    digits.insert(std::min(digits.find('e'), digits.size()), 1, '.');
  }
  return digits;
}

std::string FiniteDigits(const FormatSpec& spec, double magnitude) {
  if (spec.type == 0) {
    return spec.precision < 0 ? ReprDigits(spec.alternate, magnitude)
                              : FloatDigitsWithPoint(spec.precision,
                                                     spec.alternate, magnitude);
  }
  const char conversion = spec.type == '%'   ? 'f'
                          : spec.type == 'n' ? 'g'
                                             : spec.type;
  return FloatDigits(conversion, spec.precision < 0 ? 6 : spec.precision,
                     spec.alternate, magnitude);
}

bool FormatFloat(const FormatSpec& spec, double value, std::string* out) {
  if (!SuitsFloat(spec)) return false;
  if (spec.type == '%') value *= 100;
  NumberText number;
  // nan has no sign in Python.
  number.negative = std::signbit(value) && !std::isnan(value);
  if (std::isfinite(value)) {
    number.digits = FiniteDigits(spec, std::fabs(value));
    const size_t end = std::min(number.digits.find_first_not_of("0123456789"),
                                number.digits.size());
    number.rest = number.digits.substr(end);
    number.digits.resize(end);
  } else {
    number.rest = std::isnan(value) ? "nan" : "inf";
    if (absl::ascii_isupper(spec.type)) absl::AsciiStrToUpper(&number.rest);
  }
  if (spec.type == '%') number.rest.push_back('%');
  AppendNumber(spec, number, out);
  return true;
}

}  // namespace

bool AppendFormatted(const FormatSpec& spec, const PyValue& value,
                     std::string* out) {
  if (spec.empty) {
    AppendStr(value, out);
    return true;
  }
  if (value.kind() == Kind::kStr) return FormatText(spec, value.text(), out);
  const bool integer = value.kind() == Kind::kInt ||
                       value.kind() == Kind::kBool || value.IsObject("int");
  if (integer && SuitsInt(spec)) return FormatInteger(spec, value, out);
  if (!integer && value.kind() != Kind::kFloat) return false;
  // An int without a type is never a float.
  if (integer && (spec.type == 0 || spec.type == 'n')) return false;
  const std::optional<double> number = ToDouble(value);
  return number && FormatFloat(spec, *number, out);
}

}  // namespace logboom
