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

size_t SizeOf(const Value& value, int depth);
char* Write(char* to, const Value& value, int depth);

size_t SizeOf(const Attribute& pair, int depth) {
  const size_t key = pair.key.empty() ? 0 : FieldSize(pair.key.size());
  return key + FieldSize(SizeOf(pair.value, depth));
}

char* Write(char* to, const Attribute& pair, int depth) {
  if (!pair.key.empty()) to = WriteField(to, kKey, pair.key);
  to = WriteFieldHead(to, kValue, SizeOf(pair.value, depth));
  return Write(to, pair.value, depth);
}

// An array's values or a map's pairs; `depth` is that of each.
template <typename Element>
size_t ListSize(std::span<const Element> elements, int depth) {
  size_t size = 0;
  for (const Element& element : elements) {
    size = AddSizes(size, FieldSize(SizeOf(element, depth)));
  }
  return size;
}

// With tag and length in front.
template <typename Element>
char* WriteList(char* to, uint8_t tag, std::span<const Element> elements,
                int depth) {
  to = WriteFieldHead(to, tag, ListSize(elements, depth));
  for (const Element& element : elements) {
    to = WriteFieldHead(to, kElement, SizeOf(element, depth));
    to = Write(to, element, depth);
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
size_t SizeOf(const Value& value, int depth) {
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
      return FieldSize(ListSize(value.array(), depth + 1));
    case Value::Kind::kMap:
      return FieldSize(ListSize(value.map(), depth + 1));
    case Value::Kind::kUint:
      return FieldSize(ListSize(BigInt(value.uint_value()).map(), depth + 1));
  }
  return 0;
}

char* WriteDouble(char* to, double value) {
  *to++ = static_cast<char>(kDouble);
  std::memcpy(to, &value, sizeof(value));
  return to + sizeof(value);
}

char* Write(char* to, const Value& value, int depth) {
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
      return WriteList(to, kArray, value.array(), depth + 1);
    case Value::Kind::kMap:
      return WriteList(to, kMap, value.map(), depth + 1);
    case Value::Kind::kUint:
      return WriteList(to, kMap, BigInt(value.uint_value()).map(), depth + 1);
  }
  return to;
}

}  // namespace

size_t AttributeSize(const Attribute& attribute) {
  return FieldSize(SizeOf(attribute, 1));
}

char* WriteAttribute(char* to, const Attribute& attribute) {
  to = WriteFieldHead(to, kAttribute, SizeOf(attribute, 1));
  return Write(to, attribute, 1);
}

}  // namespace logboom
