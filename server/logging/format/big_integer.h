#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_BIG_INTEGER_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_BIG_INTEGER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace logboom {

// CPython's limit on integers as decimal text (sys.set_int_max_str_digits).
inline constexpr size_t kMaxDecimalDigits = 4300;

// A non-negative integer of any size: read and written, no arithmetic.
class BigInteger {
 public:
  // `digits` in base 10 or 16 (either case), at least one, nothing else.
  // Takes time quadratic in their number.
  static BigInteger FromDigits(absl::string_view digits, unsigned base);

  // In base 2...36, lower case, without leading zeros. Quadratic as well.
  std::string ToDigits(unsigned base) const;

 private:
  void MultiplyAndAdd(uint32_t factor, uint32_t addend);
  uint32_t DivideAndModulo(uint32_t divisor);

  std::vector<uint32_t> limbs_;  // least significant first
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_BIG_INTEGER_H_
