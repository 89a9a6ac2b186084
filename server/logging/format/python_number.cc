#include "server/logging/format/python_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/logging/format/big_integer.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

bool AllDigits(absl::string_view text, int (*is_digit)(int)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [=](char c) {
    return is_digit(static_cast<unsigned char>(c)) != 0;
  });
}

int IsDecimalDigit(int c) { return c >= '0' && c <= '9'; }
int IsHexDigit(int c) { return absl::ascii_isxdigit(c); }

bool ConsumeMinus(absl::string_view* text) {
  if (text->empty() || text->front() != '-') return false;
  text->remove_prefix(1);
  return true;
}

absl::string_view WithoutLeadingZeros(absl::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

IntegerText FromInt64(int64_t value, int base) {
  const uint64_t magnitude =
      value < 0 ? 0 - static_cast<uint64_t>(value) : value;
  char buffer[64];  // as many digits as base 2 needs
  const auto end =
      std::to_chars(buffer, buffer + sizeof(buffer), magnitude, base).ptr;
  return {value < 0, std::string(buffer, end)};
}

// The text of a part that is a str, '' when there is none.
absl::string_view TextPart(const PyValue& object, absl::string_view key) {
  const std::optional<PyValue> part = object.Part(key, Kind::kStr);
  return part ? part->text() : "";
}

// An int beyond 64 bits: decimal digits, or hexadecimal ones when it has very
// many (FORMAT.md, § 6.4).
std::optional<IntegerText> BigDigits(const PyValue& value, unsigned base) {
  absl::string_view text = TextPart(value, "value");
  if (!text.empty()) {
    const bool negative = ConsumeMinus(&text);
    if (!AllDigits(text, IsDecimalDigit) || text.size() > kMaxDecimalDigits) {
      return std::nullopt;
    }
    if (base == 10) {
      return IntegerText{negative, std::string(WithoutLeadingZeros(text))};
    }
    return IntegerText{negative,
                       BigInteger::FromDigits(text, 10).ToDigits(base)};
  }
  text = TextPart(value, "hex");
  const bool negative = ConsumeMinus(&text);
  if (base != 16 || text.substr(0, 2) != "0x") return std::nullopt;
  text.remove_prefix(2);
  if (!AllDigits(text, IsHexDigit)) return std::nullopt;
  return IntegerText{negative,
                     absl::AsciiStrToLower(WithoutLeadingZeros(text))};
}

std::optional<IntegerText> TruncatedFloat(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  if (std::fabs(value) < 0x1p63) {
    return FromInt64(static_cast<int64_t>(value), 10);
  }
  char buffer[320];  // the largest double has 309 digits
  const int size = std::snprintf(buffer, sizeof(buffer), "%.0f", value);
  absl::string_view text(buffer, size);
  const bool negative = ConsumeMinus(&text);
  return IntegerText{negative, std::string(text)};
}

// int(Decimal(text)): text is digits with a point and an exponent, or a name
// such as NaN.
std::optional<IntegerText> TruncatedDecimal(absl::string_view text) {
  const bool negative = ConsumeMinus(&text);
  int exponent = 0;
  const size_t e = text.find_first_of("eE");
  if (e != absl::string_view::npos) {
    if (!absl::SimpleAtoi(text.substr(e + 1), &exponent)) return std::nullopt;
    text = text.substr(0, e);
  }
  const size_t point = std::min(text.find('.'), text.size());
  std::string digits = absl::StrCat(
      text.substr(0, point), text.substr(std::min(point + 1, text.size())));
  if (!AllDigits(digits, IsDecimalDigit)) return std::nullopt;
  const int64_t whole = static_cast<int64_t>(point) + exponent;
  if (whole > static_cast<int64_t>(kMaxDecimalDigits)) {
    // Only zero may have any exponent.
    if (WithoutLeadingZeros(digits) != "0") return std::nullopt;
    return IntegerText{false, "0"};
  }
  digits.resize(std::max<int64_t>(whole, 0), '0');
  if (digits.empty()) digits.push_back('0');
  digits = std::string(WithoutLeadingZeros(digits));
  return IntegerText{negative && digits != "0", digits};
}

struct Fraction {
  int64_t numerator = 0;
  int64_t denominator = 1;
};

// Fractions whose parts have 64 bits.
std::optional<Fraction> ParseFraction(absl::string_view text) {
  Fraction result;
  const size_t slash = std::min(text.find('/'), text.size());
  if (!absl::SimpleAtoi(text.substr(0, slash), &result.numerator)) {
    return std::nullopt;
  }
  if (slash < text.size() &&
      !absl::SimpleAtoi(text.substr(slash + 1), &result.denominator)) {
    return std::nullopt;
  }
  if (result.denominator <= 0) return std::nullopt;
  return result;
}

std::optional<IntegerText> UuidDigits(absl::string_view text) {
  std::string hex;
  std::copy_if(text.begin(), text.end(), std::back_inserter(hex),
               [](char c) { return c != '-'; });
  if (hex.size() != 32 || !AllDigits(hex, IsHexDigit)) return std::nullopt;
  return IntegerText{false, BigInteger::FromDigits(hex, 16).ToDigits(10)};
}

std::optional<IntegerText> ObjectDecimalDigits(const PyValue& value) {
  if (value.IsObject("int")) return BigDigits(value, 10);
  const absl::string_view text = TextPart(value, "value");
  if (value.IsObject("decimal.Decimal")) return TruncatedDecimal(text);
  if (value.IsObject("uuid.UUID")) return UuidDigits(text);
  if (value.IsObject("fractions.Fraction")) {
    const std::optional<Fraction> fraction = ParseFraction(text);
    if (!fraction) return std::nullopt;
    return FromInt64(fraction->numerator / fraction->denominator, 10);
  }
  return std::nullopt;
}

// Correctly rounded, as Python reads floats. The programs stay in the C locale.
double ReadDouble(absl::string_view text) {
  return std::strtod(std::string(text).c_str(), nullptr);
}

std::optional<double> ObjectToDouble(const PyValue& value) {
  if (value.IsObject("int")) {
    const std::optional<IntegerText> integer = BigDigits(value, 10);
    if (!integer) return std::nullopt;
    const double magnitude = ReadDouble(integer->digits);
    if (std::isinf(magnitude)) return std::nullopt;
    return integer->negative ? -magnitude : magnitude;
  }
  const absl::string_view text = TextPart(value, "value");
  if (value.IsObject("decimal.Decimal")) {
    if (text.empty() || absl::StrContains(text, "sNaN")) return std::nullopt;
    if (absl::StrContains(text, "NaN")) return std::nan("");
    return ReadDouble(text);
  }
  if (!value.IsObject("fractions.Fraction")) return std::nullopt;
  const std::optional<Fraction> fraction = ParseFraction(text);
  constexpr int64_t kExact = int64_t{1} << 53;
  if (!fraction || fraction->denominator > kExact ||
      fraction->numerator > kExact || fraction->numerator < -kExact) {
    return std::nullopt;
  }
  return static_cast<double>(fraction->numerator) /
         static_cast<double>(fraction->denominator);
}

}  // namespace

std::optional<IntegerText> DecimalDigits(const PyValue& value) {
  switch (value.kind()) {
    case Kind::kBool:
    case Kind::kInt:
      return FromInt64(value.int_value(), 10);
    case Kind::kFloat:
      return TruncatedFloat(value.float_value());
    case Kind::kObject:
      return ObjectDecimalDigits(value);
    default:
      return std::nullopt;
  }
}

std::optional<IntegerText> IndexDigits(const PyValue& value, unsigned base) {
  if (value.kind() == Kind::kBool || value.kind() == Kind::kInt) {
    return FromInt64(value.int_value(), base);
  }
  if (value.IsObject("int")) return BigDigits(value, base);
  return std::nullopt;
}

std::optional<double> ToDouble(const PyValue& value) {
  switch (value.kind()) {
    case Kind::kBool:
    case Kind::kInt:
      return static_cast<double>(value.int_value());
    case Kind::kFloat:
      return value.float_value();
    case Kind::kObject:
      return ObjectToDouble(value);
    default:
      return std::nullopt;
  }
}

// Python/pystrtod.c, format_float_short with 'r': the exponent is written from
// 1e16 up and below 1e-4.
void AppendFloatRepr(double value, bool add_dot_zero, std::string* out) {
  if (std::isnan(value)) {
    out->append("nan");
    return;
  }
  if (std::isinf(value)) {
    out->append(value < 0 ? "-inf" : "inf");
    return;
  }
  char buffer[400];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value,
                           std::chars_format::scientific)
                 .ptr;
  absl::string_view text(buffer, end - buffer);
  int exponent = 0;
  (void)absl::SimpleAtoi(text.substr(text.find('e') + 1), &exponent);
  if (exponent < -4 || exponent >= 16) {
    out->append(text.data(), text.size());
    return;
  }
  end = std::to_chars(buffer, buffer + sizeof(buffer), value,
                      std::chars_format::fixed)
            .ptr;
  text = absl::string_view(buffer, end - buffer);
  out->append(text.data(), text.size());
  if (add_dot_zero && !absl::StrContains(text, '.')) out->append(".0");
}

// complexobject.c, complex_repr.
void AppendComplexRepr(double real, double imag, std::string* out) {
  if (real == 0 && !std::signbit(real)) {
    AppendFloatRepr(imag, false, out);
    out->push_back('j');
    return;
  }
  out->push_back('(');
  AppendFloatRepr(real, false, out);
  if (std::isnan(imag) || !std::signbit(imag)) out->push_back('+');
  AppendFloatRepr(imag, false, out);
  out->append("j)");
}

bool IsDecimalInteger(absl::string_view text) {
  ConsumeMinus(&text);
  return AllDigits(text, IsDecimalDigit);
}

}  // namespace logboom
