#include "server/logging/logger_tree.h"

#include <algorithm>
#include <utility>

namespace logboom {

LoggerTree::LoggerTree(LoggingOptions options) : options_(std::move(options)) {
  std::vector<const LoggerOptions*> sorted;
  for (const LoggerOptions& logger : options_.loggers) {
    sorted.push_back(&logger);
  }
  // A prefix sorts before what it is a prefix of: parents come first.
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });

  nodes_.reserve(sorted.size() + 1);
  Resolve(options_.root, nullptr, &nodes_.emplace_back());
  by_name_[""] = 0;
  for (const LoggerOptions* logger : sorted) {
    const int parent = Parent(logger->name);
    by_name_[logger->name] = static_cast<int>(nodes_.size());
    longest_name_ = std::max(longest_name_, logger->name.size());
    Node& node = nodes_.emplace_back();
    Resolve(*logger, &nodes_[parent], &node);
  }
}

void LoggerTree::Resolve(const LoggerOptions& logger, const Node* parent,
                         Node* node) {
  node->name = logger.name;
  node->filters = logger.filters;
  node->effective_level = logger.level;
  if (logger.level == 0 && parent != nullptr) {
    node->effective_level = parent->effective_level;
  }
  node->meets.assign(options_.handlers.size(), 0);
  if (parent != nullptr && logger.propagate) node->meets = parent->meets;
  for (const int handler : logger.handlers) ++node->meets[handler];
  node->meets_any = std::any_of(node->meets.begin(), node->meets.end(),
                                [](int times) { return times > 0; });
}

// logging.Manager._fixupParents. Prefixes longer than all configured names are
// passed over: a name may be as long as its sender likes.
int LoggerTree::Parent(absl::string_view name) const {
  size_t dot = name.rfind('.', longest_name_);
  while (dot != absl::string_view::npos && dot > 0) {
    name = name.substr(0, dot);
    const auto found = by_name_.find(name);
    if (found != by_name_.end()) return found->second;
    dot = name.rfind('.');
  }
  return 0;
}

const LoggerTree::Node& LoggerTree::Find(absl::string_view logger,
                                         bool* exact) const {
  const auto found = by_name_.find(logger);
  *exact = found != by_name_.end();
  return nodes_[*exact ? found->second : Parent(logger)];
}

bool LoggerTree::has_filters() const {
  const auto filtered = [](const auto& each) { return !each.filters.empty(); };
  return std::any_of(nodes_.begin(), nodes_.end(), filtered) ||
         std::any_of(options_.handlers.begin(), options_.handlers.end(),
                     filtered);
}

bool LoggerTree::needs_last_resort() const {
  return std::any_of(nodes_.begin(), nodes_.end(),
                     [](const Node& node) { return !node.meets_any; });
}

}  // namespace logboom
