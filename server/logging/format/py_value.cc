#include "server/logging/format/py_value.h"

namespace logboom {
namespace {

constexpr absl::string_view kClassKey = "__py__";

}  // namespace

PyValue::PyValue(AnyValueView value) : view_(value) {
  switch (value.kind()) {
    case AnyValueView::Kind::kNone:
      kind_ = Kind::kNone;
      return;
    case AnyValueView::Kind::kString:
      kind_ = Kind::kStr;
      text_ = value.string_value();
      return;
    case AnyValueView::Kind::kBool:
      kind_ = Kind::kBool;
      int_ = value.bool_value() ? 1 : 0;
      return;
    case AnyValueView::Kind::kInt:
      kind_ = Kind::kInt;
      int_ = value.int_value();
      return;
    case AnyValueView::Kind::kDouble:
      kind_ = Kind::kFloat;
      float_ = value.double_value();
      return;
    case AnyValueView::Kind::kArray:
      kind_ = Kind::kList;
      return;
    case AnyValueView::Kind::kBytes:
      kind_ = Kind::kBytes;
      text_ = value.bytes_value();
      return;
    case AnyValueView::Kind::kMap:
      break;
  }
  kind_ = Kind::kDict;
  const std::optional<AnyValueView> name = value.map().Find(kClassKey);
  if (!name || name->kind() != AnyValueView::Kind::kString) return;
  kind_ = Kind::kObject;
  text_ = name->string_value();
}

PyValue PyValue::Bool(bool value) {
  PyValue result;
  result.kind_ = Kind::kBool;
  result.int_ = value ? 1 : 0;
  return result;
}

PyValue PyValue::Int(int64_t value) {
  PyValue result;
  result.kind_ = Kind::kInt;
  result.int_ = value;
  return result;
}

PyValue PyValue::Float(double value) {
  PyValue result;
  result.kind_ = Kind::kFloat;
  result.float_ = value;
  return result;
}

PyValue PyValue::Str(absl::string_view text) {
  PyValue result;
  result.kind_ = Kind::kStr;
  result.text_ = text;
  return result;
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
      return int_ != 0;
    case Kind::kFloat:
      return float_ != 0;
    case Kind::kStr:
    case Kind::kBytes:
      return !text_.empty();
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
