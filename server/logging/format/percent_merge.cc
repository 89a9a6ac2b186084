#include "server/logging/format/percent_merge.h"

#include <algorithm>
#include <optional>

#include "server/logging/format/percent_convert.h"
#include "server/logging/format/percent_format.h"
#include "server/logging/format/python_index.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

// The right side of the operator, as PyUnicode_Format sees it.
class Arguments {
 public:
  explicit Arguments(const PyValue& args) : args_(args), items_("") {
    const std::optional<PyValue> items =
        args.IsObject("tuple") ? args.Part("value", Kind::kList) : std::nullopt;
    is_tuple_ = items.has_value();
    if (is_tuple_) items_ = items->list();
    single_ = args;
  }

  // The next argument; nullopt when all were taken.
  std::optional<PyValue> Next() {
    if (is_tuple_) {
      if (!items_.Next()) return std::nullopt;
      return PyValue(items_.value());
    }
    if (single_taken_) return std::nullopt;
    single_taken_ = true;
    return single_;
  }

  // Makes args[key] the only argument; false when it cannot be had.
  bool Select(absl::string_view key) {
    const std::optional<PyValue> value = Subscript(args_, key);
    if (!value) return false;
    single_ = *value;
    single_taken_ = false;
    return true;
  }

  // What Python calls "not all arguments converted". Whatever can be
  // subscripted, but for a tuple and a str, is excused.
  bool AnyLeft() {
    const bool excused = args_.kind() == Kind::kDict ||
                         args_.kind() == Kind::kList ||
                         args_.kind() == Kind::kBytes || IsPairs();
    return !excused && Next().has_value();
  }

 private:
  bool IsPairs() const {
    return args_.IsObject("dict") ||
           args_.IsObject("collections.OrderedDict") ||
           args_.IsObject("collections.defaultdict");
  }

  const PyValue args_;
  bool is_tuple_ = false;
  ArrayView items_;
  PyValue single_;
  bool single_taken_ = false;
};

// The number that a `*` stands for.
bool TakeNumber(Arguments* arguments, int* number) {
  const std::optional<PyValue> value = arguments->Next();
  if (!value) return false;
  if (value->kind() != Kind::kInt && value->kind() != Kind::kBool) return false;
  if (value->int_value() > kMaxPercentWidth ||
      value->int_value() < -kMaxPercentWidth) {
    return false;
  }
  *number = static_cast<int>(value->int_value());
  return true;
}

bool AppendField(const PercentParser& field, Arguments* arguments,
                 std::string* out) {
  PercentSpec spec = field.spec();
  if (field.has_key() && !arguments->Select(field.key())) return false;
  if (field.star_width()) {
    if (!TakeNumber(arguments, &spec.width)) return false;
    if (spec.width < 0) {
      spec.left = true;
      spec.width = -spec.width;
    }
  }
  if (field.star_precision()) {
    if (!TakeNumber(arguments, &spec.precision)) return false;
    spec.precision = std::max(spec.precision, 0);
  }
  const std::optional<PyValue> value = arguments->Next();
  return value && AppendConverted(spec, *value, out);
}

}  // namespace

bool AppendMerged(absl::string_view format, const PyValue& args,
                  std::string* out) {
  const size_t begin = out->size();
  Arguments arguments(args);
  PercentParser parser(format);
  while (parser.Next()) {
    if (!parser.is_field()) {
      out->append(parser.text().data(), parser.text().size());
    } else if (!AppendField(parser, &arguments, out)) {
      out->resize(begin);
      return false;
    }
  }
  if (!parser.ok() || arguments.AnyLeft()) {
    out->resize(begin);
    return false;
  }
  return true;
}

}  // namespace logboom
