#include "server/logging/format/python_index.h"

#include "absl/functional/function_ref.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

bool IsPairs(const PyValue& value) {
  return value.IsObject("dict") || value.IsObject("collections.OrderedDict") ||
         value.IsObject("collections.defaultdict");
}

// The last pair of [[k, v], ...] whose key is the one wanted.
std::optional<PyValue> FindPair(const PyValue& object,
                                absl::FunctionRef<bool(const PyValue&)> is_it) {
  std::optional<PyValue> found;
  const std::optional<PyValue> pairs = object.Part("value", Kind::kList);
  if (!pairs) return found;
  for (ArrayView pair = pairs->list(); pair.Next();) {
    const PyValue sides(pair.value());
    if (sides.kind() != Kind::kList) continue;
    ArrayView side = sides.list();
    if (!side.Next() || !is_it(PyValue(side.value()))) continue;
    if (side.Next()) found = PyValue(side.value());
  }
  return found;
}

std::optional<PyValue> Element(ArrayView items, int number) {
  while (items.Next()) {
    if (number-- == 0) return PyValue(items.value());
  }
  return std::nullopt;
}

}  // namespace

std::optional<PyValue> Subscript(const PyValue& value, absl::string_view key) {
  if (value.kind() == Kind::kDict) {
    const std::optional<AnyValueView> found = value.dict().Find(key);
    if (!found) return std::nullopt;
    return PyValue(*found);
  }
  if (!IsPairs(value)) return std::nullopt;
  return FindPair(value, [key](const PyValue& name) {
    return name.kind() == Kind::kStr && name.text() == key;
  });
}

std::optional<PyValue> Subscript(const PyValue& value, int number) {
  if (value.kind() == Kind::kList) return Element(value.list(), number);
  if (value.kind() == Kind::kStr) {
    absl::string_view text = value.text();
    text.remove_prefix(FirstCharacters(text, number).size());
    if (text.empty()) return std::nullopt;
    return PyValue::Str(FirstCharacters(text, 1));
  }
  if (IsPairs(value)) {
    return FindPair(value, [number](const PyValue& name) {
      return (name.kind() == Kind::kInt || name.kind() == Kind::kBool) &&
             name.int_value() == number;
    });
  }
  if (!value.IsObject("tuple") && !value.IsObject("collections.deque")) {
    return std::nullopt;
  }
  const std::optional<PyValue> items = value.Part("value", Kind::kList);
  return items ? Element(items->list(), number) : std::nullopt;
}

}  // namespace logboom
