#include "server/logging/format/python_text.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/logging/format/python_datetime.h"
#include "server/logging/format/python_number.h"
#include "server/logging/format/python_quote.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

// One repr(), to any depth that ingest lets in (proto/wire/structure_check.h);
// deeper values print as `...`, so that the stack holds whatever the bytes.
class ReprPrinter {
 public:
  explicit ReprPrinter(std::string* out) : out_(*out) {}

  void Print(const PyValue& value);

 private:
  static constexpr int kMaxDepth = 200;

  void PrintValue(const PyValue& value);
  void PrintDict(MapView dict);
  // Known classes; false, nothing printed, for others and where parts lack.
  bool PrintKnown(const PyValue& object);
  bool PrintText(const PyValue& object);
  bool PrintNumber(const PyValue& object);
  bool PrintContainer(const PyValue& object);
  bool PrintNamedContainer(const PyValue& object, ArrayView items);
  bool PrintBytearray(const PyValue& object);
  void PrintUnknown(const PyValue& object);

  // Values between the brackets, separated by commas; how many.
  int PrintItems(ArrayView items, absl::string_view open,
                 absl::string_view close);
  void PrintTuple(ArrayView items);
  // [[k, v], ...] as {k: v} or [(k, v)].
  void PrintPairsAsDict(ArrayView pairs);
  void PrintPairsAsList(ArrayView pairs);
  void Append(absl::string_view text) { out_.append(text.data(), text.size()); }

  std::string& out_;
  int depth_ = 0;
};

void ReprPrinter::Print(const PyValue& value) {
  if (depth_ == kMaxDepth) {
    Append("...");
    return;
  }
  ++depth_;
  PrintValue(value);
  --depth_;
}

void ReprPrinter::PrintValue(const PyValue& value) {
  switch (value.kind()) {
    case Kind::kNone:
      return Append("None");
    case Kind::kBool:
      return Append(value.int_value() != 0 ? "True" : "False");
    case Kind::kInt:
      return absl::StrAppend(&out_, value.int_value());
    case Kind::kFloat:
      return AppendFloatRepr(value.float_value(), true, &out_);
    case Kind::kStr:
      return AppendStrRepr(value.text(), &out_);
    case Kind::kBytes:
      return AppendBytesRepr(value.text(), &out_);
    case Kind::kList:
      PrintItems(value.list(), "[", "]");
      return;
    case Kind::kDict:
      return PrintDict(value.dict());
    case Kind::kObject:
      if (!PrintKnown(value)) PrintUnknown(value);
      return;
  }
}

void ReprPrinter::PrintDict(MapView dict) {
  Append("{");
  for (bool first = true; dict.Next(); first = false) {
    if (!first) Append(", ");
    AppendStrRepr(dict.key(), &out_);
    Append(": ");
    Print(PyValue(dict.value()));
  }
  Append("}");
}

int ReprPrinter::PrintItems(ArrayView items, absl::string_view open,
                            absl::string_view close) {
  int count = 0;
  for (Append(open); items.Next(); ++count) {
    if (count > 0) Append(", ");
    Print(PyValue(items.value()));
  }
  Append(close);
  return count;
}

void ReprPrinter::PrintTuple(ArrayView items) {
  if (PrintItems(items, "(", "") == 1) Append(",");
  Append(")");
}

void ReprPrinter::PrintPairsAsDict(ArrayView pairs) {
  Append("{");
  for (bool first = true; pairs.Next(); first = false) {
    if (!first) Append(", ");
    const PyValue pair(pairs.value());
    if (pair.kind() != Kind::kList) {
      Print(pair);
      continue;
    }
    ArrayView sides = pair.list();
    if (sides.Next()) Print(PyValue(sides.value()));
    Append(": ");
    if (sides.Next()) Print(PyValue(sides.value()));
  }
  Append("}");
}

void ReprPrinter::PrintPairsAsList(ArrayView pairs) {
  Append("[");
  for (bool first = true; pairs.Next(); first = false) {
    if (!first) Append(", ");
    const PyValue pair(pairs.value());
    if (pair.kind() == Kind::kList) {
      PrintTuple(pair.list());
    } else {
      Print(pair);
    }
  }
  Append("]");
}

bool ReprPrinter::PrintKnown(const PyValue& object) {
  const auto nested = [this](const PyValue& value, std::string*) {
    Print(value);
  };
  return PrintText(object) || PrintNumber(object) || PrintContainer(object) ||
         AppendDatetimeRepr(object, nested, &out_);
}

// Classes whose `value` is a str.
bool ReprPrinter::PrintText(const PyValue& object) {
  const std::optional<PyValue> value = object.Part("value", Kind::kStr);
  if (!value) return false;
  const absl::string_view text = value->text();
  if (object.IsObject("decimal.Decimal")) {
    absl::StrAppend(&out_, "Decimal('", text, "')");
  } else if (object.IsObject("uuid.UUID")) {
    absl::StrAppend(&out_, "UUID('", text, "')");
  } else if (object.IsObject("type")) {
    absl::StrAppend(&out_, "<class '", absl::StripPrefix(text, "builtins."),
                    "'>");
  } else if (object.IsObject("recursion")) {
    Append(text == "list"   ? "[...]"
           : text == "dict" ? "{...}"
           : text == "set"  ? "set(...)"
                            : "...");
  } else if (object.IsObject("fractions.Fraction")) {
    const size_t slash = std::min(text.find('/'), text.size());
    const absl::string_view below =
        slash < text.size() ? text.substr(slash + 1) : "1";
    absl::StrAppend(&out_, "Fraction(", text.substr(0, slash), ", ", below,
                    ")");
  } else if (object.IsObject("int") && IsDecimalInteger(text)) {
    Append(text);
  } else {
    return false;
  }
  return true;
}

bool ReprPrinter::PrintNumber(const PyValue& object) {
  if (object.IsObject("int")) {
    const std::optional<PyValue> hex = object.Part("hex", Kind::kStr);
    if (hex) Append(hex->text());
    return hex.has_value();
  }
  if (!object.IsObject("complex")) return false;
  const std::optional<PyValue> real = object.Part("real", Kind::kFloat);
  const std::optional<PyValue> imag = object.Part("imag", Kind::kFloat);
  if (!real || !imag) return false;
  AppendComplexRepr(real->float_value(), imag->float_value(), &out_);
  return true;
}

bool ReprPrinter::PrintBytearray(const PyValue& object) {
  const std::optional<PyValue> bytes = object.Part("value", Kind::kBytes);
  if (!bytes) return false;
  AppendBytearrayRepr(bytes->text(), &out_);
  return true;
}

// Classes whose `value` is an array.
bool ReprPrinter::PrintContainer(const PyValue& object) {
  if (object.IsObject("bytearray")) return PrintBytearray(object);
  const std::optional<PyValue> value = object.Part("value", Kind::kList);
  if (!value) return false;
  const ArrayView items = value->list();
  const bool empty = !value->Truthy();
  if (object.IsObject("tuple")) {
    PrintTuple(items);
  } else if (object.IsObject("dict")) {
    PrintPairsAsDict(items);
  } else if (object.IsObject("set")) {
    empty ? Append("set()") : (void)PrintItems(items, "{", "}");
  } else if (object.IsObject("frozenset")) {
    empty ? Append("frozenset()")
          : (void)PrintItems(items, "frozenset({", "})");
  } else {
    return PrintNamedContainer(object, items);
  }
  return true;
}

// Those of the collections module.
bool ReprPrinter::PrintNamedContainer(const PyValue& object, ArrayView items) {
  if (object.IsObject("collections.OrderedDict")) {
    Append("OrderedDict(");
    if (ArrayView(items).Next()) PrintPairsAsList(items);
  } else if (object.IsObject("collections.defaultdict")) {
    Append("defaultdict(");
    Print(object.Part("factory").value_or(PyValue()));
    Append(", ");
    PrintPairsAsDict(items);
  } else if (object.IsObject("collections.deque")) {
    PrintItems(items, "deque([", "]");
    const std::optional<PyValue> maxlen = object.Part("maxlen", Kind::kInt);
    if (maxlen) absl::StrAppend(&out_, ", maxlen=", maxlen->int_value());
  } else {
    return false;
  }
  Append(")");
  return true;
}

void ReprPrinter::PrintUnknown(const PyValue& object) {
  absl::StrAppend(&out_, "<", object.class_name());
  MapView parts = object.dict();
  while (parts.Next()) {
    if (parts.key() == "__py__") continue;
    absl::StrAppend(&out_, " ", parts.key(), "=");
    const PyValue part(parts.value());
    if (part.kind() == Kind::kList && parts.key() == "args") {
      PrintTuple(part.list());
    } else if (part.kind() == Kind::kList && parts.key() == "pairs") {
      PrintPairsAsDict(part.list());
    } else {
      Print(part);
    }
  }
  Append(">");
}

}  // namespace

void AppendStr(const PyValue& value, std::string* out) {
  if (value.kind() == Kind::kStr) {
    out->append(value.text().data(), value.text().size());
    return;
  }
  // The classes whose str() is not their repr().
  if (value.IsObject("decimal.Decimal") || value.IsObject("uuid.UUID") ||
      value.IsObject("fractions.Fraction")) {
    const std::optional<PyValue> text = value.Part("value", Kind::kStr);
    if (text) return AppendStr(*text, out);
  }
  if (AppendDatetimeStr(value, out)) return;
  AppendRepr(value, out);
}

void AppendRepr(const PyValue& value, std::string* out) {
  ReprPrinter(out).Print(value);
}

void AppendAscii(const PyValue& value, std::string* out) {
  std::string repr;
  AppendRepr(value, &repr);
  AppendEscapedAboveAscii(repr, out);
}

}  // namespace logboom
