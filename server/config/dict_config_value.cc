#include "server/config/dict_config_value.h"

#include <algorithm>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "proto/wire/level.h"

namespace logboom {
namespace {

constexpr char kLevelsAccepted[] =
    "; accepted: NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL or a whole "
    "number";

void UnknownLevel(const ConfigValue& value, const std::string& name) {
  static const auto* const names = new std::vector<std::string>{
      "NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
  int32_t number;
  const std::string hint = absl::SimpleAtoi(name, &number)
                               ? ", a number stands without quotes"
                               : DidYouMean(name, *names);
  value.Error(
      absl::StrCat("unknown level ", Quote(name), hint, kLevelsAccepted));
}

}  // namespace

std::optional<std::string> PythonString(const ConfigValue& value) {
  std::optional<std::string> text = value.String();
  if (text.has_value() && (absl::StartsWith(*text, "ext://") ||
                           absl::StartsWith(*text, "cfg://"))) {
    value.Error(absl::StrCat(Quote(*text),
                             " refers to an object, which is not supported "
                             "here; accepted: a plain string"));
    return std::nullopt;
  }
  return text;
}

std::optional<int32_t> PythonLevel(const ConfigValue& value) {
  const YamlNode& node = value.node();
  if (node.kind == YamlNode::Kind::kInt) {
    constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
    constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
    const std::optional<int64_t> level = value.Int(kMin, kMax);
    if (!level.has_value()) return std::nullopt;
    return static_cast<int32_t>(*level);
  }
  if (node.kind != YamlNode::Kind::kString) {
    value.WrongType(absl::StripPrefix(kLevelsAccepted, "; accepted: "));
    return std::nullopt;
  }
  const std::optional<int32_t> level = LevelnoFromName(node.text);
  if (!level.has_value()) UnknownLevel(value, node.text);
  return level;
}

std::optional<int> PythonReference(const ConfigValue& value,
                                   const std::vector<std::string>& names,
                                   absl::string_view what) {
  const std::optional<std::string> name = PythonString(value);
  if (!name.has_value()) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *name);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  value.Error(absl::StrCat("there is no ", what, " ", Quote(*name),
                           DidYouMean(*name, names),
                           "; accepted: ", Listed(names)));
  return std::nullopt;
}

std::vector<int> PythonReferences(const ConfigValue& value,
                                  const std::vector<std::string>& names,
                                  absl::string_view what) {
  std::vector<int> indices;
  if (value.is_null()) return indices;
  const std::optional<std::vector<ConfigValue>> items = value.List();
  if (!items.has_value()) return indices;
  for (const ConfigValue& item : *items) {
    const std::optional<int> index = PythonReference(item, names, what);
    if (index.has_value()) indices.push_back(*index);
  }
  return indices;
}

}  // namespace logboom
