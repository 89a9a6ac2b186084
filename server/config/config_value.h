#ifndef LOGBOOM_SERVER_CONFIG_CONFIG_VALUE_H_
#define LOGBOOM_SERVER_CONFIG_CONFIG_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/config/error_list.h"
#include "server/config/yaml_node.h"

namespace logboom {

class ConfigMap;

// A value of the file under its path. What is asked of it and it is not, it
// reports itself and returns nullopt: so a loader goes on and finds every
// error. Points into the document and the ErrorList, which must outlive it.
class ConfigValue {
 public:
  ConfigValue(const YamlNode* node, std::string path, ErrorList* errors)
      : node_(node), path_(std::move(path)), errors_(errors) {}

  const YamlNode& node() const { return *node_; }
  const std::string& path() const { return path_; }
  bool is_null() const { return node_->kind == YamlNode::Kind::kNull; }

  void Error(absl::string_view message) const {
    errors_->Add(node_->at, path_, message);
  }
  // "is a list; accepted: ACCEPTED".
  void WrongType(absl::string_view accepted) const;

  // The value `node`, which stands under `key` in this one.
  ConfigValue Child(absl::string_view key, const YamlNode& node) const;

  // Strings only: `10` and `yes` are none.
  std::optional<std::string> String() const;
  // A string that is one of `names`.
  std::optional<std::string> OneOf(const std::vector<std::string>& names) const;
  // A boolean, or 0 or 1, which Python takes for one.
  std::optional<bool> Bool() const;
  // Within [least, most].
  std::optional<int64_t> Int(int64_t least, int64_t most) const;
  std::optional<int64_t> Size(int64_t least, int64_t most) const;
  std::optional<absl::Duration> Duration(absl::Duration least,
                                         absl::Duration most) const;
  std::optional<std::vector<ConfigValue>> List() const;

  // A map whose keys are the user's names, in file order. Keys that are no
  // strings or stand twice are reported and left out.
  struct Named;
  std::optional<std::vector<Named>> Entries() const;

 private:
  friend class ConfigMap;
  const YamlNode* node_;
  std::string path_;
  ErrorList* errors_;
};

struct ConfigValue::Named {
  std::string name;
  ConfigValue value;
  Location key_at;

  // An error in the name itself.
  void KeyError(absl::string_view message) const {
    value.errors_->Add(key_at, value.path_, message);
  }
};

// A map whose keys are ours.
class ConfigMap {
 public:
  // A key that has a meaning elsewhere and is refused here, with the reason.
  struct Refused {
    std::string key;
    std::string reason;
  };

  // Reports every key that is not one of `keys`, and keys that stand twice.
  // Empty, after a report, when `value` is no map.
  ConfigMap(const ConfigValue& value, const std::vector<std::string>& keys,
            const std::vector<Refused>& refused = {});

  // Nullptr when the key is absent. Valid as long as the map.
  const ConfigValue* Get(absl::string_view key) const;

 private:
  std::vector<ConfigValue::Named> entries_;
};

// `parent.key`, or `parent['key']` when the key is no plain word.
std::string ChildPath(absl::string_view parent, absl::string_view key);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_CONFIG_VALUE_H_
