#include "server/logging/format/big_integer.h"

#include <algorithm>

namespace logboom {
namespace {

constexpr absl::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

uint32_t DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return (c | 0x20) - 'a' + 10;
}

}  // namespace

BigInteger BigInteger::FromDigits(absl::string_view digits, unsigned base) {
  BigInteger result;
  for (const char c : digits) result.MultiplyAndAdd(base, DigitValue(c));
  return result;
}

std::string BigInteger::ToDigits(unsigned base) const {
  BigInteger left = *this;
  std::string digits;
  while (!left.limbs_.empty()) {
    digits.push_back(kDigits[left.DivideAndModulo(base)]);
  }
  if (digits.empty()) digits.push_back('0');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

void BigInteger::MultiplyAndAdd(uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  for (uint32_t& limb : limbs_) {
    carry += uint64_t{limb} * factor;
    limb = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0) limbs_.push_back(static_cast<uint32_t>(carry));
}

uint32_t BigInteger::DivideAndModulo(uint32_t divisor) {
  uint64_t remainder = 0;
  for (size_t i = limbs_.size(); i-- > 0;) {
    remainder = remainder << 32 | limbs_[i];
    limbs_[i] = static_cast<uint32_t>(remainder / divisor);
    remainder %= divisor;
  }
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
  return static_cast<uint32_t>(remainder);
}

}  // namespace logboom
