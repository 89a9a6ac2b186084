#include "server/logging/route.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "proto/wire/level.h"
#include "server/logging/filter.h"

namespace logboom {
namespace {

constexpr Route kNever{};

}  // namespace

Route FindRoute(const LoggerTree& tree, absl::string_view logger,
                absl::string_view name, int handler) {
  bool exact = false;
  const LoggerTree::Node& node = tree.Find(logger, &exact);
  if (exact && !FiltersPass(node.filters, name)) return kNever;

  Route route;
  if (handler == LastResortIndex(tree)) {
    route = {.times = node.meets_any ? 0 : 1, .min_levelno = kLevelWarning};
  } else {
    const HandlerOptions& options = tree.options().handlers[handler];
    if (!FiltersPass(options.filters, name)) return kNever;
    route = {.times = node.meets[handler], .min_levelno = options.level};
  }
  if (tree.options().apply_logger_levels) {
    route.min_levelno = std::max(route.min_levelno, node.effective_level);
  }
  return route;
}

const Route& RouteCache::Find(const LogEvent& event) {
  const absl::string_view logger_name =
      event.logger.empty() ? "root" : event.logger;
  const absl::string_view name = filtered_ ? OwnName(event) : logger_name;
  absl::string_view key = event.logger;
  if (name != logger_name) {
    key_ = absl::StrCat(event.logger, absl::string_view("\0", 1), name);
    key = key_;
  }
  const auto found = routes_.find(key);
  if (found != routes_.end()) return found->second;
  return Remember(key, FindRoute(tree_, event.logger, name, handler_));
}

const Route& RouteCache::Remember(absl::string_view key, const Route& route) {
  if (routes_.size() >= kMaxNames) routes_.clear();
  return routes_.emplace(key, route).first->second;
}

}  // namespace logboom
