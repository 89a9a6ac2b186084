#ifndef LOGBOOM_PROTO_WIRE_PLAIN_ATTRIBUTE_H_
#define LOGBOOM_PROTO_WIRE_PLAIN_ATTRIBUTE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace logboom {

// The one shape that nearly all attributes have, read with a few comparisons
// instead of a walk by TagIterator: it takes four tenths off the ingest check
// and three off decoding (piece_bench: Check 61 -> 34 ns a record, Decode 113
// -> 80). Each function is false for anything else, well-formed or not: then
// walk it.

namespace internal_plain {

// Whether a one-byte tag and a one-byte length stand at `at`, with all the
// bytes that the length speaks of behind them.
inline bool IsShortField(absl::string_view bytes, size_t at, uint8_t tag) {
  if (bytes.size() < at + 2) return false;
  const auto found = static_cast<uint8_t>(bytes[at]);
  const auto length = static_cast<uint8_t>(bytes[at + 1]);
  return found == tag && length < 0x80 && bytes.size() - at - 2 >= length;
}

inline absl::string_view ShortField(absl::string_view bytes, size_t at) {
  return absl::string_view(bytes.data() + at + 2,
                           static_cast<uint8_t>(bytes[at + 1]));
}

}  // namespace internal_plain

// A KeyValue of a key (field 1) and then a value (field 2), each of less than
// 128 bytes, and nothing else.
inline bool ReadPlainPair(absl::string_view pair, absl::string_view* key,
                          absl::string_view* value) {
  if (!internal_plain::IsShortField(pair, 0, 0x0A)) return false;
  *key = internal_plain::ShortField(pair, 0);
  const size_t value_at = key->size() + 2;
  if (!internal_plain::IsShortField(pair, value_at, 0x12)) return false;
  *value = internal_plain::ShortField(pair, value_at);
  return value_at + 2 + value->size() == pair.size();
}

// An AnyValue of a string (field 1) of less than 128 bytes, and nothing else.
inline bool ReadPlainString(absl::string_view value, absl::string_view* text) {
  if (!internal_plain::IsShortField(value, 0, 0x0A)) return false;
  *text = internal_plain::ShortField(value, 0);
  return text->size() + 2 == value.size();
}

// An AnyValue of a double (field 4), or of a bool or an int (fields 2 and 3) of
// at most two bytes, and nothing else.
inline bool IsPlainNumber(absl::string_view value) {
  if (value.size() == 9) return value[0] == 0x21;
  if (value.size() != 2 && value.size() != 3) return false;
  const bool continued = static_cast<uint8_t>(value[1]) >= 0x80;
  return (value[0] == 0x10 || value[0] == 0x18) &&
         continued == (value.size() == 3) &&
         static_cast<uint8_t>(value.back()) < 0x80;
}

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_PLAIN_ATTRIBUTE_H_
