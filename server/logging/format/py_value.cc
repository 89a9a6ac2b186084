#include "server/logging/format/py_value.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

constexpr absl::string_view kClassKey = "__py__";

Kind KindOfMap(const MapView& map) {
  const std::optional<AnyValueView> name = map.Find(kClassKey);
  return name && name->kind() == AnyValueView::Kind::kString ? Kind::kObject
                                                             : Kind::kDict;
}

Kind KindOf(const AnyValueView& value) {
  switch (value.kind()) {
    case AnyValueView::Kind::kNone:
      return Kind::kNone;
    case AnyValueView::Kind::kString:
      return Kind::kStr;
    case AnyValueView::Kind::kBool:
      return Kind::kBool;
    case AnyValueView::Kind::kInt:
      return Kind::kInt;
    case AnyValueView::Kind::kDouble:
      return Kind::kFloat;
    case AnyValueView::Kind::kArray:
      return Kind::kList;
    case AnyValueView::Kind::kMap:
      return KindOfMap(value.map());
    case AnyValueView::Kind::kBytes:
      return Kind::kBytes;
  }
  return Kind::kNone;
}

}  // namespace

PyValue::PyValue(const AnyValueView& value) : kind_(KindOf(value)) {
  switch (kind_) {
    case Kind::kNone:
      break;
    case Kind::kBool:
      number_ = value.bool_value() ? 1 : 0;
      break;
    case Kind::kInt:
      number_ = static_cast<uint64_t>(value.int_value());
      break;
    case Kind::kFloat:
      number_ = std::bit_cast<uint64_t>(value.double_value());
      break;
    default:
      bytes_ = value.bytes_value();
  }
}

absl::string_view PyValue::class_name() const {
  return dict().Find(kClassKey)->string_value();
}

std::optional<PyValue> PyValue::Part(absl::string_view key) const {
  const std::optional<AnyValueView> part = dict().Find(key);
  if (!part) return std::nullopt;
  return PyValue(*part);
}

std::optional<PyValue> PyValue::Part(absl::string_view key, Kind kind) const {
  std::optional<PyValue> part = Part(key);
  if (part && part->kind() != kind) return std::nullopt;
  return part;
}

bool PyValue::Truthy() const {
  switch (kind_) {
    case Kind::kNone:
      return false;
    case Kind::kBool:
    case Kind::kInt:
      return number_ != 0;
    case Kind::kFloat:
      return float_value() != 0;
    case Kind::kStr:
    case Kind::kBytes:
      return !bytes_.empty();
    case Kind::kList:
      return list().Next();
    case Kind::kDict:
      return dict().Next();
    case Kind::kObject:
      break;
  }
  // Tuples, sets and dicts of other keys; an object of another class is true,
  // as without a __bool__ of its own.
  const std::optional<PyValue> items = Part("value", Kind::kList);
  return !items || items->Truthy();
}

}  // namespace logboom
