#include "server/logging/format/float_digits.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace logboom {
namespace {

std::string Printf(bool alternate, char conversion, int precision,
                   double magnitude) {
  const char plain[] = {'%', '.', '*', conversion, '\0'};
  const char with_point[] = {'%', '#', '.', '*', conversion, '\0'};
  const char* const format = alternate ? with_point : plain;
  std::string digits(64, '\0');
  const int size =
      std::snprintf(&digits[0], digits.size(), format, precision, magnitude);
  if (static_cast<size_t>(size) >= digits.size()) {
    digits.resize(size + 1);
    std::snprintf(&digits[0], digits.size(), format, precision, magnitude);
  }
  digits.resize(size);
  return digits;
}

// %#g as C defines it over %e and %f. glibc 2.36's own loses the zeros that '#'
// keeps where rounding carries into a new digit: 999999.5 gives 1.e+06.
std::string AlternateGeneral(bool upper, int precision, double magnitude) {
  const int significant = std::max(precision, 1);
  std::string scientific =
      Printf(true, upper ? 'E' : 'e', significant - 1, magnitude);
  const size_t mark = scientific.rfind(upper ? 'E' : 'e');
  const int exponent = std::atoi(scientific.c_str() + mark + 1);
  if (exponent < -4 || exponent >= significant) return scientific;
  return Printf(true, 'f', significant - 1 - exponent, magnitude);
}

}  // namespace

std::string FloatDigits(char conversion, int precision, bool alternate,
                        double magnitude) {
  const bool upper = conversion == 'G';
  if (alternate && (upper || conversion == 'g')) {
    return AlternateGeneral(upper, precision, magnitude);
  }
  return Printf(alternate, conversion, precision, magnitude);
}

std::string FloatDigitsWithPoint(int precision, bool alternate,
                                 double magnitude) {
  const int significant = std::max(precision, 1);
  const std::string scientific = Printf(false, 'e', significant - 1, magnitude);
  const size_t mark = scientific.rfind('e');
  const int exponent = std::atoi(scientific.c_str() + mark + 1);
  std::string digits = scientific.substr(0, mark);
  if (significant > 1) digits.erase(1, 1);  // the point
  if (!alternate) digits.resize(digits.find_last_not_of('0') + 1);
  if (digits.empty()) digits.push_back('0');
  if (exponent < -4 || exponent >= significant - 1) {
    const bool point = digits.size() > 1 || alternate;
    return absl::StrCat(digits.substr(0, 1), point ? "." : "", digits.substr(1),
                        scientific.substr(mark));
  }
  if (exponent < 0) {
    return absl::StrCat("0.", std::string(-exponent - 1, '0'), digits);
  }
  const size_t whole = exponent + 1;
  if (digits.size() <= whole) digits.resize(whole + 1, '0');
  return digits.insert(whole, 1, '.');
}

}  // namespace logboom
