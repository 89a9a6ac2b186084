#include "server/config/handler_config.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/config/dict_config_value.h"

namespace logboom {
namespace {

using Kind = HandlerOptions::Kind;

// A handler's cursor file is named after it, three bytes for one that is not a
// letter, digit, `_` or `-` (FORMAT.md, section 4), and must fit NAME_MAX.
constexpr size_t kMaxNameBytes = 80;

constexpr char kClassesAccepted[] =
    "; accepted: logging.StreamHandler, logging.FileHandler, "
    "logging.NullHandler";

void RefuseClass(const ConfigValue& value, const std::string& name) {
  static const auto* const bare = new std::vector<std::string>{
      "StreamHandler", "FileHandler", "NullHandler"};
  std::string reason = "unknown handler class ";
  std::string hint;
  if (absl::StartsWith(name, "logging.handlers.")) {
    reason = "not supported yet: ";
  } else if (std::find(bare->begin(), bare->end(), name) != bare->end()) {
    hint = absl::StrCat(", did you mean 'logging.", name, "'?");
  } else {
    hint = DidYouMean(name, {"logging.StreamHandler", "logging.FileHandler",
                             "logging.NullHandler"});
  }
  value.Error(absl::StrCat(reason, Quote(name), hint, kClassesAccepted));
}

// The class of a handler; nullopt when it is missing or not one of ours.
std::optional<Kind> LoadKind(const ConfigValue& handler) {
  if (handler.node().kind != YamlNode::Kind::kMap) {
    handler.WrongType("a map");
    return std::nullopt;
  }
  const auto& entries = handler.node().entries;
  const auto is = [](absl::string_view key) {
    return
        [key](const YamlNode::Entry& entry) { return entry.key.text == key; };
  };
  const auto entry = std::find_if(entries.begin(), entries.end(), is("class"));
  if (entry == entries.end()) {
    if (std::none_of(entries.begin(), entries.end(), is("()"))) {
      handler.Error(
          absl::StrCat("the key 'class' is missing", kClassesAccepted));
    }
    return std::nullopt;
  }
  const ConfigValue value = handler.Child("class", entry->value);
  const std::optional<std::string> name = PythonString(value);
  if (!name.has_value()) return std::nullopt;
  if (*name == "logging.StreamHandler") return Kind::kStream;
  if (*name == "logging.FileHandler") return Kind::kFile;
  if (*name == "logging.NullHandler") return Kind::kNull;
  RefuseClass(value, *name);
  return std::nullopt;
}

std::vector<std::string> KeysOf(std::optional<Kind> kind) {
  std::vector<std::string> keys = {"class", "level", "formatter", "filters"};
  const auto add = [&keys](std::vector<std::string> more) {
    keys.insert(keys.end(), more.begin(), more.end());
  };
  // An unknown class lets the keys of all pass: its error is enough.
  if (kind != Kind::kFile && kind != Kind::kNull) add({"stream"});
  if (kind != Kind::kStream && kind != Kind::kNull) {
    add({"filename", "mode", "delay", "encoding", "errors"});
  }
  return keys;
}

void LoadStream(const ConfigValue* value, HandlerOptions* handler) {
  if (value == nullptr || value->is_null()) return;  // Python's: stderr
  const std::optional<std::string> name =
      value->OneOf({"ext://sys.stdout", "ext://sys.stderr"});
  if (name == "ext://sys.stdout") {
    handler->stream = HandlerOptions::Stream::kStdout;
  }
}

void LoadFilename(const ConfigMap& map, const ConfigValue& value,
                  HandlerOptions* handler) {
  const ConfigValue* filename = map.Get("filename");
  if (filename == nullptr) {
    value.Error("the key 'filename' is missing; accepted: a path");
    return;
  }
  const std::optional<std::string> path = PythonString(*filename);
  if (!path.has_value()) return;
  if (path->empty() || absl::StrContains(*path, absl::string_view("\0", 1))) {
    filename->Error(
        absl::StrCat(Quote(*path), " is no path; accepted: a path"));
    return;
  }
  handler->filename = *path;
}

// Any of Python's names for it: case, `_` and ` ` do not matter (encodings/).
void CheckEncoding(const ConfigValue* value) {
  if (value == nullptr || value->is_null()) return;
  const std::optional<std::string> name = PythonString(*value);
  if (!name.has_value()) return;
  const std::string normal = absl::StrReplaceAll(absl::AsciiStrToLower(*name),
                                                 {{"_", "-"}, {" ", "-"}});
  if (normal == "utf-8" || normal == "utf8") return;
  value->Error(absl::StrCat("the encoding ", Quote(*name),
                            " is not supported; accepted: utf-8"));
}

// Taken so that the file loads in CPython too. Without effect here: bytes that
// are not UTF-8 are always written as \xNN.
void CheckErrors(const ConfigValue* value) {
  if (value == nullptr || value->is_null()) return;
  value->OneOf({"strict", "ignore", "replace", "backslashreplace",
                "surrogateescape", "xmlcharrefreplace", "namereplace"});
}

void LoadFile(const ConfigMap& map, const ConfigValue& value,
              HandlerOptions* handler) {
  LoadFilename(map, value, handler);
  if (const ConfigValue* mode = map.Get("mode")) {
    handler->truncate = mode->OneOf({"a", "w"}) == "w";
  }
  if (const ConfigValue* delay = map.Get("delay");
      delay != nullptr && !delay->is_null()) {
    handler->delay = delay->Bool().value_or(false);
  }
  CheckEncoding(map.Get("encoding"));
  CheckErrors(map.Get("errors"));
}

// A formatter by name; null and '' are none, as in Python.
void LoadFormatterReference(const ConfigValue* value,
                            const DictConfigNames& names,
                            HandlerOptions* handler) {
  if (value == nullptr || value->is_null()) return;
  if (value->node().kind == YamlNode::Kind::kString &&
      value->node().text.empty()) {
    return;
  }
  const std::optional<int> index =
      PythonReference(*value, names.formatter_names, "formatter");
  if (index.has_value()) handler->formatter = names.formatters[*index];
}

HandlerOptions LoadHandler(const std::string& name, const ConfigValue& value,
                           const DictConfigNames& names) {
  HandlerOptions handler;
  handler.name = name;
  const std::optional<Kind> kind = LoadKind(value);
  if (value.node().kind != YamlNode::Kind::kMap) return handler;
  handler.kind = kind.value_or(Kind::kNull);
  const ConfigMap map(value, KeysOf(kind),
                      {{"()", "nothing in a configuration may run code"},
                       {".", "setting attributes is not supported yet"}});
  if (const ConfigValue* level = map.Get("level");
      level != nullptr && !level->is_null()) {
    handler.level = PythonLevel(*level).value_or(0);
  }
  LoadFormatterReference(map.Get("formatter"), names, &handler);
  handler.filters = LoadFilters(map.Get("filters"), names);
  if (kind == Kind::kStream) LoadStream(map.Get("stream"), &handler);
  if (kind == Kind::kFile) LoadFile(map, value, &handler);
  return handler;
}

void CheckName(const ConfigValue::Named& entry) {
  if (!entry.name.empty() && entry.name.size() <= kMaxNameBytes) return;
  entry.KeyError(absl::StrCat("a handler's name has ", entry.name.size(),
                              " bytes; accepted: from 1 to ", kMaxNameBytes));
}

// Handlers that share a file would cut each other's lines, and neither could
// tell after a crash how much of it is its own.
class FileOwners {
 public:
  void Check(const ConfigValue::Named& entry, const HandlerOptions& handler) {
    if (handler.filename.empty()) return;
    std::error_code ignored;
    const std::string path =
        std::filesystem::absolute(handler.filename, ignored)
            .lexically_normal()
            .string();
    const auto [first, is_new] = owners_.emplace(path, handler.name);
    if (is_new) return;
    for (const YamlNode::Entry& key : entry.value.node().entries) {
      if (key.key.text != "filename") continue;
      entry.value.Child("filename", key.value)
          .Error(absl::StrCat(Quote(handler.filename),
                              " is the file of handler ", Quote(first->second),
                              " too; accepted: a file of its own"));
      return;
    }
  }

 private:
  std::map<std::string, std::string> owners_;
};

}  // namespace

std::vector<std::string> LoadFilters(const ConfigValue* value,
                                     const DictConfigNames& names) {
  std::vector<std::string> filters;
  if (value == nullptr) return filters;
  for (const int index :
       PythonReferences(*value, names.filter_names, "filter")) {
    filters.push_back(names.filters[index]);
  }
  return filters;
}

std::vector<HandlerOptions> LoadHandlers(const ConfigValue& value,
                                         const DictConfigNames& names) {
  std::vector<HandlerOptions> handlers;
  const auto entries = value.Entries();
  if (!entries.has_value()) return handlers;
  FileOwners owners;
  for (const ConfigValue::Named& entry : *entries) {
    CheckName(entry);
    handlers.push_back(LoadHandler(entry.name, entry.value, names));
    owners.Check(entry, handlers.back());
  }
  return handlers;
}

}  // namespace logboom
