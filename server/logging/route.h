#ifndef LOGBOOM_SERVER_LOGGING_ROUTE_H_
#define LOGBOOM_SERVER_LOGGING_ROUTE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/logging/format/log_event.h"
#include "server/logging/logger_tree.h"

namespace logboom {

// How often a handler emits the records of one logger: `times`, for those at or
// above `min_levelno`. All rules but the level depend on the logger's name
// only.
struct Route {
  int times = 0;
  int32_t min_levelno = 0;

  int TimesFor(int32_t levelno) const {
    return levelno >= min_levelno ? times : 0;
  }
};

// The index of the last-resort handler: one past the configured ones.
inline int LastResortIndex(const LoggerTree& tree) {
  return tree.handler_count();
}

// As CPython 3.11's Logger.handle and callHandlers: the logger's own filters,
// then every handler up the tree, each with its level and filters; the logger's
// level only with apply_logger_levels. `handler` is an index of the tree's
// options, or LastResortIndex(): then the answer is for records that meet no
// handler (WARNING and above). `name` is the record's own (OwnName): what
// filters compare. Pure.
Route FindRoute(const LoggerTree& tree, absl::string_view logger,
                absl::string_view name, int handler);

// FindRoute for one handler, remembered by name. Holds at most kMaxNames names
// of either sort, of at most kMaxNameBytes, whatever names records bring. Not
// thread-safe.
class RouteCache {
 public:
  static constexpr size_t kMaxNames = 16'384;
  static constexpr size_t kMaxNameBytes = 256;

  // `tree` must outlive the cache.
  RouteCache(const LoggerTree* tree, int handler)
      : tree_(*tree), handler_(handler), filtered_(tree->has_filters()) {}

  Route Find(const LogEvent& event);

 private:
  using Routes = absl::flat_hash_map<std::string, Route>;
  Route FindIn(Routes& routes, absl::string_view key, const LogEvent& event,
               absl::string_view name);

  const LoggerTree& tree_;
  const int handler_;
  const bool filtered_;  // else a record's own name need not be looked for
  Routes routes_;        // by logger
  Routes renamed_;       // of records whose own name is not their logger's
  // The last answer of routes_: a batch has mostly one logger's records.
  std::string last_logger_;
  std::optional<Route> last_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_ROUTE_H_
