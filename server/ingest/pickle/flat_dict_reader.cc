#include "server/ingest/pickle/flat_dict_reader.h"

#include "absl/base/attributes.h"
#include "server/ingest/pickle/pickle_scalar.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;

enum Opcode : uint8_t {
  kBinGet = 'h',
  kBinPut = 'q',
  kBinUnicode = 'X',
  kEmptyDict = '}',
  kFrame = 0x95,
  kLongBinPut = 'r',
  kMark = '(',
  kMemoize = 0x94,
  kProto = 0x80,
  kSetItems = 'u',
  kShortBinString = 'U',
  kShortBinUnicode = 0x8C,
  kStop = '.',
};

// One pickle on its way. Each function takes the argument of the current opcode
// and what belongs to it, and then the next opcode; false gives the pickle up.
// All are inlined into Read(), which so keeps the cursor and the values in
// registers: loading as one what was stored in two halves took half the time.
class Reading {
 public:
  Reading(absl::string_view pickle, PythonValue* memo, size_t memo_room)
      : in_(pickle), memo_(memo), memo_room_(memo_room) {}

  uint64_t opcode() const { return opcode_; }

  // All before the first key.
  ABSL_ATTRIBUTE_ALWAYS_INLINE bool Head() {
    uint64_t number = 0;
    if (!NextOpcode()) return false;
    if (opcode_ == kProto) {
      if (!in_.Number<1>(&number) || number > kMaxPickleProtocol) return false;
      if (!NextOpcode()) return false;
    }
    if (opcode_ == kFrame) {
      if (!in_.Number<8>(&number) || number > in_.bytes_left()) return false;
      if (!NextOpcode()) return false;
    }
    if (opcode_ != kEmptyDict || !NextOpcode()) return false;
    // Nothing may refer back to the dict.
    if (!Put(PythonValue())) return false;
    return opcode_ == kMark && NextOpcode();
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE bool Value(PythonValue* value) {
    if (opcode_ == kBinGet) return Get(value);
    return ReadScalar(opcode_, in_, value) == ScalarOutcome::kRead &&
           NextOpcode() && Put(*value);
  }

  // A str, or what the memo has.
  ABSL_ATTRIBUTE_ALWAYS_INLINE bool Key(PythonValue* key) {
    absl::string_view text;
    switch (opcode_) {
      case kBinUnicode:
        if (!in_.Counted<4>(&text)) return false;
        break;
      case kShortBinUnicode:
      case kShortBinString:
        if (!in_.Counted<1>(&text)) return false;
        break;
      case kBinGet:
        return Get(key);
      default:
        return false;
    }
    *key = PythonValue::Text(Kind::kString, text);
    return NextOpcode() && Put(*key);
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE bool NextOpcode() {
    return in_.Number<1>(&opcode_);
  }

 private:
  ABSL_ATTRIBUTE_ALWAYS_INLINE bool Get(PythonValue* value) {
    uint64_t index = 0;
    if (!in_.Number<1>(&index) || index >= memo_size_) return false;
    *value = memo_[index];
    return !value->is(Kind::kAbsent) && NextOpcode();
  }

  // Picklers number their slots one by one.
  ABSL_ATTRIBUTE_ALWAYS_INLINE bool Put(PythonValue value) {
    uint64_t index = memo_size_;
    if (opcode_ == kBinPut) {
      if (!in_.Number<1>(&index)) return false;
    } else if (opcode_ == kLongBinPut) {
      if (!in_.Number<4>(&index)) return false;
    } else if (opcode_ != kMemoize) {
      return true;
    }
    if (index != memo_size_ || memo_size_ == memo_room_) return false;
    memo_[memo_size_++] = value;
    return NextOpcode();
  }

  PickleCursor in_;
  uint64_t opcode_ = 0;
  PythonValue* const memo_;
  const size_t memo_room_;
  size_t memo_size_ = 0;
};

}  // namespace

bool FlatDictReader::Read(absl::string_view pickle, PythonItems* items) {
  items->Clear();
  Reading reading(pickle, memo_.data(), memo_.size());
  if (!reading.Head()) return false;
  // The dict itself counts too.
  for (int64_t left = max_items_ - 1; left >= 0; left -= 2) {
    if (reading.opcode() == kSetItems) {
      return reading.NextOpcode() && reading.opcode() == kStop;
    }
    PythonValue key, value;
    if (!reading.Key(&key) || !reading.Value(&value)) return false;
    items->Add(key, value);
  }
  return false;
}

}  // namespace logboom
