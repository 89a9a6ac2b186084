#include "server/config/yaml_builder.h"

#include <yaml-cpp/mark.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/config/yaml_reader.h"
#include "server/config/yaml_scalar.h"

namespace logboom {
namespace {

using Kind = YamlNode::Kind;

Location At(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

bool IsMergeKey(const YamlNode& key) {
  return key.kind == Kind::kOther && key.text == "<<";
}

using Keys = std::set<std::pair<Kind, std::string>>;

// Adds the entries of one merged map whose keys are not in `keys` yet.
void MergeOne(const YamlNode& from, Keys* keys, YamlNode* map) {
  if (from.kind != Kind::kMap) {
    throw YamlRefusal{from.at,
                      "a merge key `<<` takes a map or a list of maps"};
  }
  for (const YamlNode::Entry& entry : from.entries) {
    if (keys->emplace(entry.key.kind, entry.key.text).second) {
      map->entries.push_back(entry);
    }
  }
}

// https://yaml.org/type/merge.html: a map's own keys win, then the first map
// that has the key.
void ResolveMergeKeys(YamlNode* map) {
  std::vector<YamlNode> sources;
  auto& entries = map->entries;
  for (YamlNode::Entry& entry : entries) {
    if (IsMergeKey(entry.key)) sources.push_back(std::move(entry.value));
  }
  if (sources.empty()) return;
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [](const YamlNode::Entry& entry) {
                                 return IsMergeKey(entry.key);
                               }),
                entries.end());
  Keys keys;
  for (const YamlNode::Entry& entry : entries) {
    keys.emplace(entry.key.kind, entry.key.text);
  }
  for (const YamlNode& source : sources) {
    if (source.kind != Kind::kList) {
      MergeOne(source, &keys, map);
      continue;
    }
    for (const YamlNode& item : source.items) MergeOne(item, &keys, map);
  }
}

// Where the scalar itself begins behind the anchor and tag that may stand
// first.
size_t SkipProperties(absl::string_view text, size_t at) {
  constexpr absl::string_view kSpace = " \t\r\n";
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = std::min(text.find_first_of(kSpace, at), text.size());
    at = text.find_first_not_of(kSpace, at);
  }
  return at;
}

// Whether a quoted scalar begins at `at` and runs to the end of the text.
bool IsUnclosedQuote(absl::string_view text, size_t at) {
  at = SkipProperties(text, at);
  if (at >= text.size()) return false;
  const char quote = text[at];
  if (quote != '"' && quote != '\'') return false;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled =
          quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return false;
      ++i;
    }
  }
  return true;
}

void RefuseTag(const std::string& tag, const YAML::Mark& mark) {
  throw YamlRefusal{At(mark), absl::StrCat("the tag '", tag,
                                           "' is not supported; accepted: "
                                           "values without a tag, and !!str")};
}

}  // namespace

YamlNode YamlBuilder::TakeDocument() {
  return document_ ? *std::move(document_) : YamlNode();
}

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  // yaml-cpp 0.7 also comes here, and would for ever, at text that it cannot
  // place, such as a stray `]` or `,` at the top.
  if (started_) {
    throw YamlRefusal{At(mark),
                      "a second document, or text that belongs to nothing, "
                      "begins here; a configuration is one document"};
  }
  started_ = true;
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  YamlNode node;
  node.at = At(mark);
  // A value left out is given the place of what comes next: say where its key
  // stands instead.
  if (!open_.empty() && open_.back().key.has_value()) {
    const Location key = open_.back().key->at;
    if (key.line != node.at.line) node.at = key;
  }
  Count(node, node.at);
  Add(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchored_.find(anchor);
  if (found == anchored_.end()) {
    throw YamlRefusal{At(mark), "an alias inside the very value it names"};
  }
  Count(found->second, At(mark));
  Add(found->second, YAML::NullAnchor);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag,
                           YAML::anchor_t anchor, const std::string& value) {
  YamlNode node;
  if (tag == "?") {
    node = ResolvePlainScalar(value);
  } else if (tag == "!" || tag == "tag:yaml.org,2002:str") {
    // yaml-cpp 0.7 takes the end of the text for the closing quote.
    if (IsUnclosedQuote(text_, static_cast<size_t>(mark.pos))) {
      throw YamlRefusal{At(mark), "the quote that begins here is not closed"};
    }
    node.kind = Kind::kString;
    node.text = value;
  } else {
    RefuseTag(tag, mark);
  }
  node.at = At(mark);
  Count(node, node.at);
  Add(std::move(node), anchor);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark,
                                  const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value style) {
  Start(Kind::kList, mark, tag, anchor);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag,
                             YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  Start(Kind::kMap, mark, tag, anchor);
}

void YamlBuilder::Start(Kind kind, const YAML::Mark& mark,
                        const std::string& tag, YAML::anchor_t anchor) {
  if (tag != "?" && !tag.empty()) RefuseTag(tag, mark);
  if (open_.size() >= kMaxYamlDepth) {
    throw YamlRefusal{At(mark), absl::StrCat("nested too deeply; at most ",
                                             kMaxYamlDepth, " levels")};
  }
  YamlNode node;
  node.kind = kind;
  node.at = At(mark);
  Count(node, node.at);
  open_.push_back(Open{std::move(node), anchor, std::nullopt});
}

void YamlBuilder::Close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  if (done.node.kind == Kind::kMap) ResolveMergeKeys(&done.node);
  Add(std::move(done.node), done.anchor);
}

void YamlBuilder::Add(YamlNode node, YAML::anchor_t anchor) {
  if (anchor != YAML::NullAnchor) anchored_[anchor] = node;
  if (open_.empty()) {
    document_ = std::move(node);
  } else if (open_.back().node.kind == Kind::kList) {
    open_.back().node.items.push_back(std::move(node));
  } else {
    AddToMap(&open_.back(), std::move(node));
  }
}

void YamlBuilder::AddToMap(Open* map, YamlNode node) {
  if (map->key.has_value()) {
    map->node.entries.push_back({*std::move(map->key), std::move(node)});
    map->key.reset();
    return;
  }
  if (node.kind == Kind::kList || node.kind == Kind::kMap) {
    throw YamlRefusal{node.at,
                      "a list or map stands as a key; accepted: strings"};
  }
  map->key = std::move(node);
}

void YamlBuilder::Count(const YamlNode& node, const Location& at) {
  ++nodes_;
  text_bytes_ += static_cast<int64_t>(node.text.size());
  if (nodes_ > kMaxYamlNodes || text_bytes_ > kMaxYamlText) {
    throw YamlRefusal{at,
                      absl::StrCat("too large; at most ", kMaxYamlNodes,
                                   " values, what aliases repeat included")};
  }
  for (const YamlNode& item : node.items) Count(item, at);
  for (const YamlNode::Entry& entry : node.entries) {
    Count(entry.key, at);
    Count(entry.value, at);
  }
}

}  // namespace logboom
