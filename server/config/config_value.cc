#include "server/config/config_value.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/units.h"

namespace logboom {
namespace {

using Kind = YamlNode::Kind;

// A number as it was written, cut when it is absurdly long.
std::string Number(const YamlNode& node) {
  return node.text.size() > 40 ? Quote(node.text) : node.text;
}

// What a value is, for a message.
std::string Describe(const YamlNode& node) {
  switch (node.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return absl::StrCat("the boolean ", node.text);
    case Kind::kInt:
    case Kind::kFloat:
      return absl::StrCat("the number ", Number(node));
    case Kind::kString:
      return absl::StrCat("the string ", Quote(node.text));
    case Kind::kOther:
      return absl::StrCat(Quote(node.text),
                          " (a date, a base-60 number or a sign of YAML's own "
                          "unless it is quoted)");
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "";
}

bool IsPlainWord(absl::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '-';
  });
}

bool CanBeQuoted(Kind kind) {
  return kind == Kind::kBool || kind == Kind::kInt || kind == Kind::kFloat ||
         kind == Kind::kOther;
}

}  // namespace

std::string ChildPath(absl::string_view parent, absl::string_view key) {
  if (!IsPlainWord(key)) return absl::StrCat(parent, "[", Quote(key), "]");
  return absl::StrCat(parent, parent.empty() ? "" : ".", key);
}

void ConfigValue::WrongType(absl::string_view accepted) const {
  Error(absl::StrCat("is ", Describe(*node_), "; accepted: ", accepted));
}

ConfigValue ConfigValue::Child(absl::string_view key,
                               const YamlNode& node) const {
  return ConfigValue(&node, ChildPath(path_, key), errors_);
}

std::optional<std::string> ConfigValue::String() const {
  if (node_->kind == Kind::kString) return node_->text;
  WrongType(CanBeQuoted(node_->kind) ? "a string (quote it)" : "a string");
  return std::nullopt;
}

std::optional<std::string> ConfigValue::OneOf(
    const std::vector<std::string>& names) const {
  if (node_->kind != Kind::kString) {
    WrongType(Listed(names));
    return std::nullopt;
  }
  if (std::find(names.begin(), names.end(), node_->text) != names.end()) {
    return node_->text;
  }
  Error(absl::StrCat("unknown value ", Quote(node_->text),
                     DidYouMean(node_->text, names),
                     "; accepted: ", Listed(names)));
  return std::nullopt;
}

std::optional<bool> ConfigValue::Bool() const {
  if (node_->kind == Kind::kBool) return node_->boolean;
  if (node_->kind == Kind::kInt &&
      (node_->integer == 0 || node_->integer == 1)) {
    return node_->integer == 1;
  }
  WrongType("true, false");
  return std::nullopt;
}

std::optional<int64_t> ConfigValue::Int(int64_t least, int64_t most) const {
  const std::string accepted =
      absl::StrCat("a whole number from ", least, " to ", most);
  if (node_->kind != Kind::kInt) {
    WrongType(accepted);
    return std::nullopt;
  }
  if (node_->integer < least || node_->integer > most) {
    Error(
        absl::StrCat(Number(*node_), " is out of range; accepted: ", accepted));
    return std::nullopt;
  }
  return node_->integer;
}

std::optional<int64_t> ConfigValue::Size(int64_t least, int64_t most) const {
  std::optional<int64_t> bytes;
  if (node_->kind == Kind::kInt) bytes = node_->integer;
  if (node_->kind == Kind::kString) {
    const absl::StatusOr<int64_t> parsed = ParseSize(node_->text);
    if (parsed.ok()) bytes = *parsed;
  }
  const std::string accepted =
      absl::StrCat("a size from ", FormatSize(least), " to ", FormatSize(most),
                   ": a whole number of bytes, or one with B, KiB, MiB or GiB");
  if (!bytes.has_value()) {
    WrongType(accepted);
  } else if (*bytes < least || *bytes > most) {
    Error(
        absl::StrCat(Number(*node_), " is out of range; accepted: ", accepted));
    bytes.reset();
  }
  return bytes;
}

std::optional<absl::Duration> ConfigValue::Duration(absl::Duration least,
                                                    absl::Duration most) const {
  const std::string accepted = absl::StrCat(
      "a duration from ", logboom::FormatDuration(least), " to ",
      logboom::FormatDuration(most), ": a whole number with ms, s, m, h or d");
  const absl::StatusOr<absl::Duration> parsed = ParseDuration(node_->text);
  if (node_->kind != Kind::kString || !parsed.ok()) {
    WrongType(accepted);
    return std::nullopt;
  }
  if (*parsed < least || *parsed > most) {
    Error(
        absl::StrCat(Number(*node_), " is out of range; accepted: ", accepted));
    return std::nullopt;
  }
  return *parsed;
}

std::optional<std::vector<ConfigValue>> ConfigValue::List() const {
  if (node_->kind != Kind::kList) {
    WrongType("a list");
    return std::nullopt;
  }
  std::vector<ConfigValue> values;
  for (const YamlNode& item : node_->items) {
    values.emplace_back(&item, absl::StrCat(path_, "[", values.size(), "]"),
                        errors_);
  }
  return values;
}

std::optional<std::vector<ConfigValue::Named>> ConfigValue::Entries() const {
  if (node_->kind != Kind::kMap) {
    WrongType("a map");
    return std::nullopt;
  }
  std::vector<Named> named;
  std::map<std::string, Location> seen;
  for (const YamlNode::Entry& entry : node_->entries) {
    const std::string path = ChildPath(path_, entry.key.text);
    if (entry.key.kind != Kind::kString) {
      errors_->Add(entry.key.at, path,
                   absl::StrCat("the key is ", Describe(entry.key),
                                "; accepted: a string (quote it)"));
      continue;
    }
    const auto [first, is_new] = seen.emplace(entry.key.text, entry.key.at);
    if (!is_new) {
      errors_->Add(
          entry.key.at, path,
          absl::StrCat("the key stands twice, first at ", first->second.line,
                       ":", first->second.column, "; accepted: each key once"));
      continue;
    }
    named.push_back({entry.key.text, ConfigValue(&entry.value, path, errors_),
                     entry.key.at});
  }
  return named;
}

ConfigMap::ConfigMap(const ConfigValue& value,
                     const std::vector<std::string>& keys,
                     const std::vector<Refused>& refused) {
  std::optional<std::vector<ConfigValue::Named>> entries = value.Entries();
  if (!entries.has_value()) return;
  for (ConfigValue::Named& entry : *entries) {
    if (std::find(keys.begin(), keys.end(), entry.name) != keys.end()) {
      entries_.push_back(std::move(entry));
      continue;
    }
    const auto reason =
        std::find_if(refused.begin(), refused.end(),
                     [&](const Refused& r) { return r.key == entry.name; });
    const std::string message =
        reason != refused.end()
            ? reason->reason
            : absl::StrCat("unknown key", DidYouMean(entry.name, keys));
    entry.KeyError(absl::StrCat(message, "; accepted: ", Listed(keys)));
  }
}

const ConfigValue* ConfigMap::Get(absl::string_view key) const {
  for (const ConfigValue::Named& entry : entries_) {
    if (entry.name == key) return &entry.value;
  }
  return nullptr;
}

}  // namespace logboom
