#include "server/logging/format/any_value_json.h"

#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/logging/format/python_number.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

using Kind = AnyValueView::Kind;

// What RFC 8259 wants escaped, in its short forms where it has them.
void AppendEscaped(char c, std::string* out) {
  constexpr absl::string_view kNamed = "\"\\\b\f\n\r\t";
  constexpr absl::string_view kLetters = "\"\\bfnrt";
  const size_t at = kNamed.find(c);
  if (at != absl::string_view::npos) {
    out->push_back('\\');
    out->push_back(kLetters[at]);
  } else if (static_cast<unsigned char>(c) < 0x20) {
    out->append(c < 0x10 ? "\\u000" : "\\u001");
    out->push_back("0123456789abcdef"[c & 0xF]);
  } else {
    out->push_back(c);
  }
}

void AppendString(absl::string_view text, std::string* out) {
  constexpr char32_t kReplacement = 0xFFFD;
  out->push_back('"');
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    if (!c.valid) {
      AppendUtf8(kReplacement, out);
    } else if (c.size == 1) {
      AppendEscaped(text[0], out);
    } else {
      out->append(text.data(), c.size);
    }
    text.remove_prefix(c.size);
  }
  out->push_back('"');
}

void AppendBase64(absl::string_view bytes, std::string* out) {
  std::string text;
  absl::Base64Escape(bytes, &text);
  out->append(text);
}

// "NaN" and the like; empty for a number that JSON has.
absl::string_view SpecialName(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return "";
}

class JsonPrinter {
 public:
  explicit JsonPrinter(std::string* out) : out_(*out) {}

  void Print(const AnyValueView& value);

 private:
  static constexpr int kMaxDepth = 200;

  void PrintDouble(double value);
  void PrintArray(ArrayView items);
  void PrintMap(MapView pairs);

  std::string& out_;
  int depth_ = 0;
};

void JsonPrinter::Print(const AnyValueView& value) {
  if (depth_ == kMaxDepth) {
    out_.append("\"...\"");
    return;
  }
  switch (value.kind()) {
    case Kind::kNone:
      out_.append("null");
      return;
    case Kind::kString:
      return AppendString(value.string_value(), &out_);
    case Kind::kBool:
      out_.append(value.bool_value() ? "true" : "false");
      return;
    case Kind::kInt:
      absl::StrAppend(&out_, value.int_value());
      return;
    case Kind::kDouble:
      return PrintDouble(value.double_value());
    case Kind::kBytes:
      out_.push_back('"');
      AppendBase64(value.bytes_value(), &out_);
      out_.push_back('"');
      return;
    case Kind::kArray:
      return PrintArray(value.array());
    case Kind::kMap:
      return PrintMap(value.map());
  }
}

void JsonPrinter::PrintDouble(double value) {
  const absl::string_view special = SpecialName(value);
  if (special.empty()) return AppendFloatRepr(value, true, &out_);
  absl::StrAppend(&out_, "\"", special, "\"");
}

void JsonPrinter::PrintArray(ArrayView items) {
  ++depth_;
  out_.push_back('[');
  for (bool first = true; items.Next(); first = false) {
    if (!first) out_.push_back(',');
    Print(items.value());
  }
  out_.push_back(']');
  --depth_;
}

void JsonPrinter::PrintMap(MapView pairs) {
  ++depth_;
  out_.push_back('{');
  for (bool first = true; pairs.Next(); first = false) {
    if (!first) out_.push_back(',');
    AppendString(pairs.key(), &out_);
    out_.push_back(':');
    Print(pairs.value());
  }
  out_.push_back('}');
  --depth_;
}

}  // namespace

void AppendAnyValue(const AnyValueView& value, std::string* out) {
  switch (value.kind()) {
    case Kind::kNone:
      return;
    case Kind::kString:
      out->append(value.string_value().data(), value.string_value().size());
      return;
    case Kind::kBytes:
      return AppendBase64(value.bytes_value(), out);
    case Kind::kDouble: {
      const absl::string_view special = SpecialName(value.double_value());
      out->append(special.data(), special.size());
      if (!special.empty()) return;
      break;
    }
    default:
      break;
  }
  JsonPrinter(out).Print(value);
}

}  // namespace logboom
