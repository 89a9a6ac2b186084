#ifndef LOGBOOM_CLIENT_VALUE_ENCODING_H_
#define LOGBOOM_CLIENT_VALUE_ENCODING_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "logboom/value.h"

namespace logboom {

// Attributes and values as protobuf has them, in two passes: sizes, then bytes
// where they stay. Each Write returns the end of what it wrote. Pure functions.

// Stands for a value that is nested too deeply to be encoded: there is no room
// for it anywhere. Sums stop there, so that they do not overflow.
inline constexpr size_t kImpossibleSize = size_t{1} << 56;
inline size_t AddSizes(size_t a, size_t b) {
  return a + b < kImpossibleSize ? a + b : kImpossibleSize;
}

// An attribute with its tag and length as LogRecord has it (field 6).
size_t AttributeSize(const Attribute& attribute);
char* WriteAttribute(char* to, const Attribute& attribute);

inline size_t VarintSize(uint64_t value) {
  return (static_cast<size_t>(std::bit_width(value | 1)) + 6) / 7;
}

inline char* WriteVarint(char* to, uint64_t value) {
  while (value >= 0x80) {
    *to++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *to++ = static_cast<char>(value);
  return to;
}

inline char* WriteBytes(char* to, std::string_view bytes) {
  if (bytes.empty()) return to;
  std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

// A length-delimited field whose tag has one byte, with `size` bytes in it.
inline size_t FieldSize(size_t size) { return 1 + VarintSize(size) + size; }
inline char* WriteFieldHead(char* to, uint8_t tag, size_t size) {
  *to++ = static_cast<char>(tag);
  return WriteVarint(to, size);
}
inline char* WriteField(char* to, uint8_t tag, std::string_view bytes) {
  return WriteBytes(WriteFieldHead(to, tag, bytes.size()), bytes);
}

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_VALUE_ENCODING_H_
