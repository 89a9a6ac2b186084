#include "server/logging/format/percent_convert.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "server/logging/format/float_digits.h"
#include "server/logging/format/python_number.h"
#include "server/logging/format/python_text.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

void AppendView(absl::string_view text, std::string* out) {
  out->append(text.data(), text.size());
}

// Pads what stands from `begin` to the end to the width, with spaces.
void PadText(const PercentSpec& spec, size_t begin, std::string* out) {
  if (spec.width < 0) return;
  const absl::string_view text = absl::string_view(*out).substr(begin);
  const size_t size = CountCharacters(text);
  const size_t width = spec.width;
  if (size >= width) return;
  out->insert(spec.left ? out->size() : begin, width - size, ' ');
}

bool ConvertText(const PercentSpec& spec, const PyValue& value,
                 std::string* out) {
  const size_t begin = out->size();
  switch (spec.conversion) {
    case 's':
      AppendStr(value, out);
      break;
    case 'r':
      AppendRepr(value, out);
      break;
    default:
      AppendAscii(value, out);
  }
  if (spec.precision >= 0) {
    const absl::string_view text = absl::string_view(*out).substr(begin);
    out->resize(begin + FirstCharacters(text, spec.precision).size());
  }
  PadText(spec, begin, out);
  return true;
}

// A str of one character, or an int that is a code point. Surrogates could not
// be written out.
bool ConvertCharacter(const PercentSpec& spec, const PyValue& value,
                      std::string* out) {
  const size_t begin = out->size();
  if (value.kind() == Kind::kStr) {
    if (CountCharacters(value.text()) != 1) return false;
    AppendView(value.text(), out);
  } else if (value.kind() == Kind::kInt || value.kind() == Kind::kBool) {
    const int64_t code = value.int_value();
    if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      return false;
    }
    AppendUtf8(static_cast<char32_t>(code), out);
  } else {
    return false;
  }
  PadText(spec, begin, out);
  return true;
}

// Sign, prefix ("0x"), digits and padding in the order of
// unicode_format_arg_output.
void AppendNumber(const PercentSpec& spec, bool negative,
                  absl::string_view prefix, absl::string_view digits,
                  std::string* out) {
  const absl::string_view sign = negative     ? "-"
                                 : spec.sign  ? "+"
                                 : spec.blank ? " "
                                              : "";
  const size_t size = sign.size() + prefix.size() + digits.size();
  const size_t width = std::max(spec.width, 0);
  const size_t padding = width > size ? width - size : 0;
  if (!spec.left && !spec.zero) out->append(padding, ' ');
  AppendView(sign, out);
  AppendView(prefix, out);
  if (!spec.left && spec.zero) out->append(padding, '0');
  AppendView(digits, out);
  if (spec.left) out->append(padding, ' ');
}

bool ConvertInteger(const PercentSpec& spec, const PyValue& value,
                    std::string* out) {
  std::optional<IntegerText> integer;
  absl::string_view prefix;
  switch (spec.conversion) {
    case 'o':
      integer = IndexDigits(value, 8);
      prefix = "0o";
      break;
    case 'x':
      integer = IndexDigits(value, 16);
      prefix = "0x";
      break;
    case 'X':
      integer = IndexDigits(value, 16);
      if (integer) absl::AsciiStrToUpper(&integer->digits);
      prefix = "0X";
      break;
    default:
      integer = DecimalDigits(value);
  }
  if (!integer) return false;
  std::string& digits = integer->digits;
  const size_t least = std::max(spec.precision, 0);
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  AppendNumber(spec, integer->negative, spec.alternate ? prefix : "", digits,
               out);
  return true;
}

bool ConvertFloat(const PercentSpec& spec, const PyValue& value,
                  std::string* out) {
  const std::optional<double> number = ToDouble(value);
  if (!number) return false;
  std::string digits;
  if (std::isfinite(*number)) {
    digits =
        FloatDigits(spec.conversion, spec.precision < 0 ? 6 : spec.precision,
                    spec.alternate, std::fabs(*number));
  } else {
    digits = std::isnan(*number) ? "nan" : "inf";
    if (absl::ascii_isupper(spec.conversion)) absl::AsciiStrToUpper(&digits);
  }
  // nan has no sign in Python.
  const bool negative = std::signbit(*number) && !std::isnan(*number);
  AppendNumber(spec, negative, "", digits, out);
  return true;
}

}  // namespace

bool AppendConverted(const PercentSpec& spec, const PyValue& value,
                     std::string* out) {
  switch (spec.conversion) {
    case 's':
    case 'r':
    case 'a':
      return ConvertText(spec, value, out);
    case 'c':
      return ConvertCharacter(spec, value, out);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return ConvertInteger(spec, value, out);
    default:
      return ConvertFloat(spec, value, out);
  }
}

}  // namespace logboom
