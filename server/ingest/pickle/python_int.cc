#include "server/ingest/pickle/python_int.h"

#include <cstdint>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;

constexpr uint32_t kBillion = 1'000'000'000;

bool IsNegative(absl::string_view twos_complement) {
  return (twos_complement.back() & 0x80) != 0;
}

// The absolute value in 32-bit words, least first, without leading zeros.
std::vector<uint32_t> Magnitude(absl::string_view bytes) {
  const bool negative = IsNegative(bytes);
  std::vector<uint32_t> words(bytes.size() / 4 + 1, 0);
  // Never leaves the last byte, whose top bit is set when negative.
  uint32_t carry = negative ? 1 : 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    uint32_t byte = static_cast<unsigned char>(bytes[i]);
    if (negative) {
      byte = (byte ^ 0xFF) + carry;
      carry = byte >> 8;
      byte &= 0xFF;
    }
    words[i / 4] |= byte << (8 * (i % 4));
  }
  while (!words.empty() && words.back() == 0) words.pop_back();
  return words;
}

// Divides `words` by 10^9 in place and returns the remainder.
uint32_t DivideByBillion(std::vector<uint32_t>& words) {
  uint64_t remainder = 0;
  for (size_t i = words.size(); i-- > 0;) {
    const uint64_t value = remainder << 32 | words[i];
    words[i] = static_cast<uint32_t>(value / kBillion);
    remainder = value % kBillion;
  }
  while (!words.empty() && words.back() == 0) words.pop_back();
  return static_cast<uint32_t>(remainder);
}

// Whether the last byte says nothing that the sign of the one before does not.
bool EndsInSignOnly(absl::string_view bytes) {
  const char sign = (bytes[bytes.size() - 2] & 0x80) != 0 ? '\xFF' : '\0';
  return bytes.back() == sign;
}

}  // namespace

PythonValue IntFromBytes(absl::string_view bytes) {
  while (bytes.size() > sizeof(int64_t) && EndsInSignOnly(bytes)) {
    bytes.remove_suffix(1);
  }
  if (bytes.size() > sizeof(int64_t)) {
    return PythonValue::Text(Kind::kBinaryInt, bytes);
  }
  uint64_t number = !bytes.empty() && IsNegative(bytes) ? ~uint64_t{0} : 0;
  for (size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return PythonValue::Int(static_cast<int64_t>(number));
}

bool IsInt(const PythonValue& value) {
  return value.is(Kind::kInt) || value.is(Kind::kDecimalInt) ||
         value.is(Kind::kBinaryInt);
}

bool IsNegativeInt(const PythonValue& value) {
  if (value.is(Kind::kInt)) return value.int_value() < 0;
  if (value.is(Kind::kBinaryInt)) return IsNegative(value.text());
  return value.text().front() == '-';
}

void AppendDecimal(absl::string_view twos_complement, std::string* out) {
  std::vector<uint32_t> words = Magnitude(twos_complement);
  std::vector<uint32_t> groups;  // of nine digits, least first
  while (!words.empty()) groups.push_back(DivideByBillion(words));
  if (groups.empty()) groups.push_back(0);
  if (IsNegative(twos_complement)) out->push_back('-');
  absl::StrAppendFormat(out, "%d", groups.back());
  for (size_t i = groups.size() - 1; i-- > 0;) {
    absl::StrAppendFormat(out, "%09d", groups[i]);
  }
}

void AppendHex(absl::string_view twos_complement, std::string* out) {
  const std::vector<uint32_t> words = Magnitude(twos_complement);
  out->append(IsNegative(twos_complement) ? "-0x" : "0x");
  if (words.empty()) out->push_back('0');
  for (size_t i = words.size(); i-- > 0;) {
    const bool first = i + 1 == words.size();
    absl::StrAppendFormat(out, "%0*x", first ? 1 : 8, words[i]);
  }
}

bool ToUint128(const PythonValue& value, absl::uint128* number) {
  switch (value.kind()) {
    case Kind::kInt:
      *number = absl::uint128(static_cast<uint64_t>(value.int_value()));
      return value.int_value() >= 0;
    case Kind::kDecimalInt:
      return value.text().size() < 40 && absl::SimpleAtoi(value.text(), number);
    case Kind::kBinaryInt: {
      const absl::string_view bytes = value.text();
      if (IsNegative(bytes) || bytes.size() > 17) return false;
      if (bytes.size() == 17 && bytes.back() != 0) return false;
      *number = 0;
      for (size_t i = bytes.size(); i-- > 0;) {
        *number = *number << 8 | static_cast<unsigned char>(bytes[i]);
      }
      return true;
    }
    default:
      return false;
  }
}

}  // namespace logboom
