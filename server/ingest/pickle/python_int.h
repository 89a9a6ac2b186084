#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_INT_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_INT_H_

#include <cstddef>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// Ints as a pickle has them in binary: two's complement, little-endian.

// No bytes at all are 0.
PythonValue IntFromBytes(absl::string_view twos_complement);

// Those of more than 64 bits: at least one byte.

// Up to here a number is worth its decimal digits: 4,300 of them, where
// CPython's own str() ends (sys.int_info.default_max_str_digits).
inline constexpr size_t kMaxDecimalBytes = 1785;

// Whether a value is an int, of any size.
bool IsInt(const PythonValue& value);
// Of an int.
bool IsNegativeInt(const PythonValue& value);

// Appends the decimal digits, with a minus sign. Takes time quadratic in the
// bytes: bound them.
void AppendDecimal(absl::string_view twos_complement, std::string* out);

// Appends the number as Python's hex() does: -0x1f.
void AppendHex(absl::string_view twos_complement, std::string* out);

// An int of whatever representation, if it is one and within 0 and 2^128 - 1.
bool ToUint128(const PythonValue& value, absl::uint128* number);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_INT_H_
