#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_NUMBER_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_NUMBER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// What Python's int(), float() and repr() make of values that are numbers.

struct IntegerText {
  bool negative = false;
  std::string digits;  // lower case, no prefix, no leading zeros
};

// The digits of int(value), truncated towards zero: for ints, bools, floats,
// Decimals, Fractions of 64 bits and UUIDs. nullopt where Python raises: not a
// number, nan, inf, more than 4300 digits.
std::optional<IntegerText> DecimalDigits(const PyValue& value);

// The digits of operator.index(value) in base 2, 8 or 16: for ints and bools
// only.
std::optional<IntegerText> IndexDigits(const PyValue& value, unsigned base);

// float(value), for what DecimalDigits takes but UUIDs, nan and inf included.
// nullopt where Python raises (an int beyond a double's range), and for a
// Fraction whose parts are not both exact as doubles.
std::optional<double> ToDouble(const PyValue& value);

// repr(float): the shortest text that reads back. With `add_dot_zero` 1.0 is
// "1.0", as repr() has it, without "1", as inside a complex.
void AppendFloatRepr(double value, bool add_dot_zero, std::string* out);

// repr(complex).
void AppendComplexRepr(double real, double imag, std::string* out);

// Whether the text of an int beyond 64 bits is one: digits, with a '-' or not.
bool IsDecimalInteger(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_NUMBER_H_
