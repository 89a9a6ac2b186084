#include "server/ingest/pickle/flat_dict_reader.h"

#include "absl/base/attributes.h"
#include "server/ingest/pickle/pickle_scalar.h"

namespace logboom {
namespace {

constexpr uint64_t kMaxProtocol = 5;

enum Opcode : uint8_t {
  kBinGet = 'h',
  kBinPut = 'q',
  kEmptyDict = '}',
  kFrame = 0x95,
  kLongBinPut = 'r',
  kMark = '(',
  kMemoize = 0x94,
  kProto = 0x80,
  kSetItems = 'u',
  kStop = '.',
};

}  // namespace

// All before the first key.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool FlatDictReader::ReadHead(
    PickleCursor& in, uint64_t* opcode) {
  uint64_t number = 0;
  if (!in.Number<1>(opcode)) return false;
  if (*opcode == kProto) {
    if (!in.Number<1>(&number) || number > kMaxProtocol) return false;
    if (!in.Number<1>(opcode)) return false;
  }
  if (*opcode == kFrame) {
    if (!in.Number<8>(&number) || number > in.bytes_left()) return false;
    if (!in.Number<1>(opcode)) return false;
  }
  if (*opcode != kEmptyDict || !in.Number<1>(opcode)) return false;
  // Nothing may refer back to the dict.
  if (!ReadPut(in, opcode, PythonValue())) return false;
  return *opcode == kMark && in.Number<1>(opcode);
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool FlatDictReader::ReadValue(
    PickleCursor& in, uint64_t* opcode, PythonValue* value) {
  if (*opcode == kBinGet) {
    uint64_t index = 0;
    if (!in.Number<1>(&index) || index >= memo_size_) return false;
    *value = memo_[index];
    return !value->is(PythonValue::Kind::kAbsent) && in.Number<1>(opcode);
  }
  return ReadScalar(*opcode, in, value) == ScalarOutcome::kRead &&
         in.Number<1>(opcode) && ReadPut(in, opcode, *value);
}

// Picklers number their slots one by one.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool FlatDictReader::ReadPut(
    PickleCursor& in, uint64_t* opcode, const PythonValue& value) {
  uint64_t index = memo_size_;
  switch (*opcode) {
    case kBinPut:
      if (!in.Number<1>(&index)) return false;
      break;
    case kLongBinPut:
      if (!in.Number<4>(&index)) return false;
      break;
    case kMemoize:
      break;
    default:
      return true;
  }
  if (index != memo_size_ || memo_size_ == memo_.size()) return false;
  memo_[memo_size_++] = value;
  return in.Number<1>(opcode);
}

bool FlatDictReader::Read(absl::string_view pickle, PythonItems* items) {
  items->Clear();
  memo_size_ = 0;
  PickleCursor in(pickle);
  uint64_t opcode = 0;
  if (!ReadHead(in, &opcode)) return false;
  PythonValue key;
  bool is_key = true;
  // The dict counts too.
  for (int64_t left = max_items_ - 1; left >= 0; --left) {
    if (opcode == kSetItems) {
      return is_key && in.Number<1>(&opcode) && opcode == kStop;
    }
    PythonValue value;
    if (!ReadValue(in, &opcode, &value)) return false;
    if (is_key) {
      key = value;
    } else {
      items->Add(key, value);
    }
    is_key = !is_key;
  }
  return false;
}

}  // namespace logboom
