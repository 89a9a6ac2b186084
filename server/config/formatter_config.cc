#include "server/config/formatter_config.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/config/dict_config_value.h"
#include "server/logging/format/formatter.h"

namespace logboom {
namespace {

// A string, or null for the default: dictConfig treats both alike.
std::string StringOrNull(const ConfigValue* value) {
  if (value == nullptr || value->is_null()) return "";
  return PythonString(*value).value_or("");
}

// nullopt, and reported, when it is none.
std::optional<FormatStyle> LoadStyle(const ConfigValue* style) {
  if (style == nullptr) return FormatStyle::kPercent;
  const std::optional<std::string> text = style->String();
  if (!text.has_value()) return std::nullopt;
  if (*text == "%") return FormatStyle::kPercent;
  if (*text == "{") return FormatStyle::kBrace;
  if (*text == "$") return FormatStyle::kDollar;
  style->Error(absl::StrCat("unknown style ", Quote(*text),
                            "; accepted: '%', '{', '$'"));
  return std::nullopt;
}

void CheckClass(const ConfigValue* value) {
  if (value == nullptr || value->is_null()) return;
  const std::optional<std::string> name = value->String();
  if (!name.has_value() || name->empty() || *name == "logging.Formatter") {
    return;
  }
  value->Error(absl::StrCat("a formatter class of one's own, ", Quote(*name),
                            ", cannot run here; accepted: logging.Formatter"));
}

// Our formats are checked whatever it says, so only what agrees is taken.
void CheckValidate(const ConfigValue* value) {
  if (value == nullptr) return;
  const std::optional<bool> validate = value->Bool();
  if (validate.has_value() && !*validate) {
    value->Error("formats are always validated; accepted: true");
  }
}

Newlines LoadNewlines(const ConfigValue* value) {
  if (value == nullptr) return Newlines::kIndent;
  const std::string name =
      value->OneOf({"indent", "escape", "raw"}).value_or("indent");
  if (name == "escape") return Newlines::kEscape;
  return name == "raw" ? Newlines::kRaw : Newlines::kIndent;
}

// True when it compiles; else reported at `value`.
bool Compiles(const FormatterOptions& options, const ConfigValue& value) {
  const absl::Status status =
      Formatter::Create(options, absl::UnixEpoch()).status();
  if (!status.ok()) value.Error(OneLine(status.message()));
  return status.ok();
}

}  // namespace

FormatterOptions LoadFormatter(const ConfigValue& value) {
  const ConfigMap map(
      value, {"format", "datefmt", "style", "validate", "class", "newlines"},
      {{"()", "nothing in a configuration may run code"},
       {"defaults", "a formatter's defaults are not supported yet"}});
  CheckClass(map.Get("class"));
  CheckValidate(map.Get("validate"));

  FormatterOptions options;
  options.newlines = LoadNewlines(map.Get("newlines"));
  const ConfigValue* format = map.Get("format");
  const std::optional<FormatStyle> style = LoadStyle(map.Get("style"));
  if (!style.has_value()) return {};
  options.style = *style;
  options.format = StringOrNull(format);
  if (options.format.empty()) options.format = DefaultFormat(*style);
  // First without datefmt, so that each is told of at its own place.
  if (!Compiles(options, format != nullptr ? *format : value)) return {};
  const ConfigValue* datefmt = map.Get("datefmt");
  options.datefmt = StringOrNull(datefmt);
  if (!options.datefmt.empty() && !Compiles(options, *datefmt)) return {};
  return options;
}

}  // namespace logboom
