#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_SCALAR_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_SCALAR_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "absl/strings/string_view.h"
#include "server/ingest/pickle/pickle_cursor.h"
#include "server/ingest/pickle/pickle_text.h"
#include "server/ingest/pickle/python_int.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

enum class ScalarOutcome {
  kRead,
  kNoScalar,   // another opcode: nothing was taken
  kCutOff,     // the argument passes the end
  kMalformed,  // the argument is no number
};

namespace pickle_scalar_internal {

using Kind = PythonValue::Kind;

template <size_t kWidth>
ScalarOutcome Unsigned(PickleCursor& in, PythonValue* value) {
  uint64_t number = 0;
  if (!in.Number<kWidth>(&number)) return ScalarOutcome::kCutOff;
  *value = PythonValue::Int(static_cast<int64_t>(number));
  return ScalarOutcome::kRead;
}

inline ScalarOutcome BinInt(PickleCursor& in, PythonValue* value) {
  uint64_t number = 0;
  if (!in.Number<4>(&number)) return ScalarOutcome::kCutOff;
  *value =
      PythonValue::Int(static_cast<int32_t>(static_cast<uint32_t>(number)));
  return ScalarOutcome::kRead;
}

// Big-endian.
inline ScalarOutcome BinFloat(PickleCursor& in, PythonValue* value) {
  uint64_t bits = 0;
  if (!in.Number<8>(&bits)) return ScalarOutcome::kCutOff;
  *value = PythonValue::Double(std::bit_cast<double>(__builtin_bswap64(bits)));
  return ScalarOutcome::kRead;
}

template <size_t kWidth>
ScalarOutcome BinLong(PickleCursor& in, PythonValue* value) {
  absl::string_view bytes;
  if (!in.Counted<kWidth>(&bytes)) return ScalarOutcome::kCutOff;
  *value = IntFromBytes(bytes);
  return ScalarOutcome::kRead;
}

template <Kind kKind, size_t kWidth>
ScalarOutcome Text(PickleCursor& in, PythonValue* value) {
  absl::string_view text;
  if (!in.Counted<kWidth>(&text)) return ScalarOutcome::kCutOff;
  *value = PythonValue::Text(kKind, text);
  return ScalarOutcome::kRead;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline ScalarOutcome TextNumber(
    PickleCursor& in, bool (*parse)(absl::string_view, PythonValue*),
    PythonValue* value) {
  absl::string_view line;
  if (!in.Line(&line)) return ScalarOutcome::kCutOff;
  PythonValue number;
  if (!parse(line, &number)) return ScalarOutcome::kMalformed;
  *value = number;
  return ScalarOutcome::kRead;
}

inline ScalarOutcome Constant(PythonValue constant, PythonValue* value) {
  *value = constant;
  return ScalarOutcome::kRead;
}

}  // namespace pickle_scalar_internal

// Takes the argument of an opcode that stands for one plain value by itself,
// and gives the value, which points into the pickle. Python 2's str is text
// here (T, U). The text opcodes S and V are not among them: what they stand for
// may have to be rewritten.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline ScalarOutcome ReadScalar(
    uint64_t opcode, PickleCursor& in, PythonValue* value) {
  using Kind = PythonValue::Kind;
  namespace read = pickle_scalar_internal;
  switch (opcode) {
    case 'N':
      return read::Constant(PythonValue::None(), value);
    case 0x88:
      return read::Constant(PythonValue::Bool(true), value);
    case 0x89:
      return read::Constant(PythonValue::Bool(false), value);
    case 'I':
      return read::TextNumber(in, ParsePickleInt, value);
    case 'L':
      return read::TextNumber(in, ParsePickleLong, value);
    case 'F':
      return read::TextNumber(in, ParsePickleFloat, value);
    case 'J':
      return read::BinInt(in, value);
    case 'K':
      return read::Unsigned<1>(in, value);
    case 'M':
      return read::Unsigned<2>(in, value);
    case 'G':
      return read::BinFloat(in, value);
    case 0x8A:
      return read::BinLong<1>(in, value);
    case 0x8B:
      return read::BinLong<4>(in, value);
    case 'T':
    case 'X':
      return read::Text<Kind::kString, 4>(in, value);
    case 'U':
    case 0x8C:
      return read::Text<Kind::kString, 1>(in, value);
    case 0x8D:
      return read::Text<Kind::kString, 8>(in, value);
    case 'B':
      return read::Text<Kind::kBytes, 4>(in, value);
    case 'C':
      return read::Text<Kind::kBytes, 1>(in, value);
    case 0x8E:
      return read::Text<Kind::kBytes, 8>(in, value);
    case 0x96:
      return read::Text<Kind::kByteArray, 8>(in, value);
    default:
      return ScalarOutcome::kNoScalar;
  }
}

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_SCALAR_H_
