#ifndef LOGBOOM_SERVER_CONFIG_YAML_BUILDER_H_
#define LOGBOOM_SERVER_CONFIG_YAML_BUILDER_H_

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/config/yaml_node.h"

namespace logboom {

// Why a document is refused. Thrown through yaml-cpp's parser, the only way to
// stop it, and caught by ReadYaml.
struct YamlRefusal {
  Location at;
  std::string message;
};

// Builds a YamlNode of yaml-cpp's events within the limits of yaml_reader.h.
// Throws YamlRefusal.
class YamlBuilder : public YAML::EventHandler {
 public:
  // `text` is what is being parsed, without a byte order mark; it must outlive
  // this.
  explicit YamlBuilder(absl::string_view text) : text_(text) {}

  // The document; a null when there was none. Call once.
  YamlNode TakeDocument();

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { Close(); }

 private:
  // A list or map that has not ended.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    std::optional<YamlNode> key;  // maps: read, and its value not yet
  };

  void Start(YamlNode::Kind kind, const YAML::Mark& mark,
             const std::string& tag, YAML::anchor_t anchor);
  void Close();
  // Puts a finished node where it belongs.
  void Add(YamlNode node, YAML::anchor_t anchor);
  void AddToMap(Open* map, YamlNode node);
  // Counts `node` and all in it against the limits.
  void Count(const YamlNode& node, const Location& at);

  const absl::string_view text_;
  bool started_ = false;
  std::optional<YamlNode> document_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchored_;
  int nodes_ = 0;
  int64_t text_bytes_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_YAML_BUILDER_H_
