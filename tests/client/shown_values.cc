#include "tests/client/shown_values.h"

#include <bit>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace logboom {
namespace {

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

std::string ShowText(absl::string_view text) {
  return absl::StrCat("'", absl::CHexEscape(text), "'");
}

std::string ShowBytes(absl::string_view bytes) {
  return absl::StrCat("b", ShowText(bytes));
}

std::string ShowDouble(double value) {
  return absl::StrCat("double ", absl::Hex(std::bit_cast<uint64_t>(value)));
}

std::string ShowBool(bool value) { return value ? "true" : "false"; }

std::string ShowList(const std::vector<std::string>& elements) {
  return absl::StrCat("[", absl::StrJoin(elements, ", "), "]");
}

std::string ShowMap(const std::vector<std::string>& pairs) {
  return absl::StrCat("{", absl::StrJoin(pairs, ", "), "}");
}

}  // namespace

std::string ShowPair(absl::string_view key, const std::string& value) {
  return absl::StrCat(absl::CHexEscape(key), ": ", value);
}

std::vector<std::string> ShowPairs(MapView pairs) {
  std::vector<std::string> shown;
  while (pairs.Next()) {
    shown.push_back(ShowPair(pairs.key(), Show(pairs.value())));
  }
  return shown;
}

std::string Show(const Value& value) {
  std::vector<std::string> parts;
  switch (value.kind()) {
    case Value::Kind::kNone:
      return "none";
    case Value::Kind::kBool:
      return ShowBool(value.bool_value());
    case Value::Kind::kInt:
      return absl::StrCat(value.int_value());
    case Value::Kind::kUint:
      return absl::StrCat("{__py__: 'int', value: '", value.uint_value(), "'}");
    case Value::Kind::kDouble:
      return ShowDouble(value.double_value());
    case Value::Kind::kString:
      return ShowText(View(value.text()));
    case Value::Kind::kBytes:
      return ShowBytes(View(value.text()));
    case Value::Kind::kArray:
      for (const Value& each : value.array()) parts.push_back(Show(each));
      return ShowList(parts);
    case Value::Kind::kMap:
      for (const Attribute& pair : value.map()) {
        parts.push_back(ShowPair(View(pair.key), Show(pair.value)));
      }
      return ShowMap(parts);
  }
  return "";
}

std::string Show(const AnyValueView& value) {
  switch (value.kind()) {
    case AnyValueView::Kind::kNone:
      return "none";
    case AnyValueView::Kind::kBool:
      return ShowBool(value.bool_value());
    case AnyValueView::Kind::kInt:
      return absl::StrCat(value.int_value());
    case AnyValueView::Kind::kDouble:
      return ShowDouble(value.double_value());
    case AnyValueView::Kind::kString:
      return ShowText(value.string_value());
    case AnyValueView::Kind::kBytes:
      return ShowBytes(value.bytes_value());
    case AnyValueView::Kind::kArray: {
      std::vector<std::string> parts;
      ArrayView array = value.array();
      while (array.Next()) parts.push_back(Show(array.value()));
      return ShowList(parts);
    }
    case AnyValueView::Kind::kMap:
      return ShowMap(ShowPairs(value.map()));
  }
  return "";
}

std::string Show(const v1::AnyValue& value) {
  std::vector<std::string> parts;
  switch (value.value_case()) {
    case v1::AnyValue::VALUE_NOT_SET:
      return "none";
    case v1::AnyValue::kBoolValue:
      return ShowBool(value.bool_value());
    case v1::AnyValue::kIntValue:
      return absl::StrCat(value.int_value());
    case v1::AnyValue::kDoubleValue:
      return ShowDouble(value.double_value());
    case v1::AnyValue::kStringValue:
      return ShowText(value.string_value());
    case v1::AnyValue::kBytesValue:
      return ShowBytes(value.bytes_value());
    case v1::AnyValue::kArrayValue:
      for (const v1::AnyValue& each : value.array_value().values()) {
        parts.push_back(Show(each));
      }
      return ShowList(parts);
    case v1::AnyValue::kKvlistValue:
      for (const v1::KeyValue& pair : value.kvlist_value().values()) {
        parts.push_back(ShowPair(pair.key(), Show(pair.value())));
      }
      return ShowMap(parts);
  }
  return "";
}

Value RandomValues::Any(int depth) {
  switch (random_() % (depth > 1 ? 9 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random_() % 2 == 0;
    case 2:
      return AnyInt();
    case 3:
      return std::bit_cast<double>(random_());
    case 4:
      return Text();
    case 5:
      return Value::Bytes(texts_.emplace_back(random_() % 200, '\xff'));
    case 6:
      return AnyArray(depth);
    case 7:
      return AnyMap(depth);
    default:
      return uint64_t{random_()} | uint64_t{1} << 63;
  }
}

std::string_view RandomValues::Text() {
  std::string& text = texts_.emplace_back();
  const size_t size = random_() % 3 == 0 ? 0 : random_() % 150;
  while (text.size() < size) text += random_() % 9 == 0 ? "\xE2\x82\xAC" : "x";
  return text;
}

Value RandomValues::AnyArray(int depth) {
  std::vector<Value> values(random_() % 5);
  for (Value& value : values) value = Any(depth - 1);
  return Value::Array(arrays_.emplace_back(std::move(values)));
}

Value RandomValues::AnyMap(int depth) {
  std::vector<Attribute> pairs(random_() % 5);
  for (Attribute& pair : pairs) pair = {Text(), Any(depth - 1)};
  return Value::Map(maps_.emplace_back(std::move(pairs)));
}

// Of any size in bits.
int64_t RandomValues::AnyInt() {
  return static_cast<int64_t>(random_()) >> (random_() % 64);
}

}  // namespace logboom
