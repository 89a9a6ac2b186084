#include "client/value_encoding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

// Tags of AnyValue, KeyValue, ArrayValue and KeyValueList, and of a LogRecord's
// attribute (proto/logboom/v1/record.proto).
constexpr uint8_t kString = 0x0a;
constexpr uint8_t kBool = 0x10;
constexpr uint8_t kInt = 0x18;
constexpr uint8_t kDouble = 0x21;
constexpr uint8_t kArray = 0x2a;
constexpr uint8_t kMap = 0x32;
constexpr uint8_t kBytes = 0x3a;
constexpr uint8_t kKey = 0x0a;
constexpr uint8_t kValue = 0x12;
constexpr uint8_t kElement = 0x0a;
constexpr uint8_t kAttribute = 0x32;

size_t ValueSize(const Value& value, int depth);
char* WriteValue(char* to, const Value& value, int depth);

size_t PairSize(const Attribute& pair, int depth) {
  const size_t key = pair.key.empty() ? 0 : FieldSize(pair.key.size());
  return key + FieldSize(ValueSize(pair.value, depth));
}

char* WritePair(char* to, const Attribute& pair, int depth) {
  if (!pair.key.empty()) to = WriteField(to, kKey, pair.key);
  to = WriteFieldHead(to, kValue, ValueSize(pair.value, depth));
  return WriteValue(to, pair.value, depth);
}

size_t ArraySize(std::span<const Value> values, int depth) {
  size_t size = 0;
  for (const Value& value : values) {
    size = AddSizes(size, FieldSize(ValueSize(value, depth)));
  }
  return size;
}

char* WriteArray(char* to, std::span<const Value> values, int depth) {
  for (const Value& value : values) {
    to = WriteFieldHead(to, kElement, ValueSize(value, depth));
    to = WriteValue(to, value, depth);
  }
  return to;
}

size_t MapSize(std::span<const Attribute> pairs, int depth) {
  size_t size = 0;
  for (const Attribute& pair : pairs) {
    size = AddSizes(size, FieldSize(PairSize(pair, depth)));
  }
  return size;
}

char* WriteMap(char* to, std::span<const Attribute> pairs, int depth) {
  for (const Attribute& pair : pairs) {
    to = WriteFieldHead(to, kElement, PairSize(pair, depth));
    to = WritePair(to, pair, depth);
  }
  return to;
}

// A number beyond int64, as FORMAT.md § 6.4 has such: {"__py__": "int",
// "value": digits}.
class BigInt {
 public:
  explicit BigInt(uint64_t value) {
    const auto end =
        std::to_chars(digits_.data(), digits_.data() + digits_.size(), value);
    pairs_[0] = {"__py__", "int"};
    pairs_[1] = {"value", std::string_view(digits_.data(), end.ptr)};
  }
  std::span<const Attribute> map() const { return pairs_; }

 private:
  std::array<char, 20> digits_;
  std::array<Attribute, 2> pairs_;
};

// `depth` is that of the value itself, from 1.
size_t ValueSize(const Value& value, int depth) {
  if (depth > kMaxValueDepth) return kImpossibleSize;
  switch (value.kind()) {
    case Value::Kind::kNone:
      return 0;
    case Value::Kind::kBool:
      return 2;
    case Value::Kind::kInt:
      return 1 + VarintSize(static_cast<uint64_t>(value.int_value()));
    case Value::Kind::kDouble:
      return 1 + sizeof(double);
    case Value::Kind::kString:
    case Value::Kind::kBytes:
      return FieldSize(value.text().size());
    case Value::Kind::kArray:
      return FieldSize(ArraySize(value.array(), depth + 1));
    case Value::Kind::kMap:
      return FieldSize(MapSize(value.map(), depth + 1));
    case Value::Kind::kUint:
      return FieldSize(MapSize(BigInt(value.uint_value()).map(), depth + 1));
  }
  return 0;
}

char* WriteDouble(char* to, double value) {
  *to++ = static_cast<char>(kDouble);
  std::memcpy(to, &value, sizeof(value));
  return to + sizeof(value);
}

char* WriteMapField(char* to, std::span<const Attribute> pairs, int depth) {
  return WriteMap(WriteFieldHead(to, kMap, MapSize(pairs, depth)), pairs,
                  depth);
}

char* WriteValue(char* to, const Value& value, int depth) {
  switch (value.kind()) {
    case Value::Kind::kNone:
      return to;
    case Value::Kind::kBool:
      *to++ = static_cast<char>(kBool);
      return WriteVarint(to, value.bool_value() ? 1 : 0);
    case Value::Kind::kInt:
      *to++ = static_cast<char>(kInt);
      return WriteVarint(to, static_cast<uint64_t>(value.int_value()));
    case Value::Kind::kDouble:
      return WriteDouble(to, value.double_value());
    case Value::Kind::kString:
      return WriteField(to, kString, value.text());
    case Value::Kind::kBytes:
      return WriteField(to, kBytes, value.text());
    case Value::Kind::kArray:
      to = WriteFieldHead(to, kArray, ArraySize(value.array(), depth + 1));
      return WriteArray(to, value.array(), depth + 1);
    case Value::Kind::kMap:
      return WriteMapField(to, value.map(), depth + 1);
    case Value::Kind::kUint:
      return WriteMapField(to, BigInt(value.uint_value()).map(), depth + 1);
  }
  return to;
}

}  // namespace

size_t AttributeSize(const Attribute& attribute) {
  return FieldSize(PairSize(attribute, 1));
}

char* WriteAttribute(char* to, const Attribute& attribute) {
  to = WriteFieldHead(to, kAttribute, PairSize(attribute, 1));
  return WritePair(to, attribute, 1);
}

}  // namespace logboom
