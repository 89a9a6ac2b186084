#ifndef LOGBOOM_SERVER_LOGGING_LOGGER_TREE_H_
#define LOGBOOM_SERVER_LOGGING_LOGGER_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/logging/logging_options.h"

namespace logboom {

// The configured loggers, as CPython's logging.Manager ties them: a logger's
// parent is the longest configured prefix of its name that ends before a dot,
// at last the root. Names that records bring never grow it.
//
// Immutable, so thread-safe.
class LoggerTree {
 public:
  struct Node {
    std::string name;  // '' is the root
    // Its own level or the nearest ancestor's that is not NOTSET.
    int32_t effective_level = 0;
    std::vector<std::string> filters;
    // How often the walk from here to the root, or to the first logger that
    // does not propagate, meets each handler; by handler index.
    std::vector<int> meets;
    bool meets_any = false;
  };

  explicit LoggerTree(LoggingOptions options);

  // Where a record of `logger` ('' is the root) enters the tree: the logger
  // itself when it is configured (`*exact`), else its nearest ancestor.
  const Node& Find(absl::string_view logger, bool* exact) const;

  const LoggingOptions& options() const { return options_; }
  int handler_count() const {
    return static_cast<int>(options_.handlers.size());
  }

  // Whether any logger or handler has a filter.
  bool has_filters() const;

  // Whether some walk meets no handler at all, so that the last-resort handler
  // may have to speak.
  bool needs_last_resort() const;

 private:
  int Parent(absl::string_view name) const;
  void Resolve(const LoggerOptions& logger, const Node* parent, Node* node);

  const LoggingOptions options_;
  std::vector<Node> nodes_;  // parents before children; the root is first
  absl::flat_hash_map<std::string, int> by_name_;
  size_t longest_name_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_LOGGER_TREE_H_
