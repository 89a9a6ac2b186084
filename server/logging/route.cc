#include "server/logging/route.h"

#include <algorithm>

#include "proto/wire/level.h"
#include "server/logging/filter.h"

namespace logboom {
namespace {

constexpr Route kNever{};

}  // namespace

Route FindRoute(const LoggerTree& tree, absl::string_view logger, int handler) {
  bool exact = false;
  const LoggerTree::Node& node = tree.Find(logger, &exact);
  const absl::string_view name = logger.empty() ? "root" : logger;
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

const Route& RouteCache::Find(absl::string_view logger) {
  const auto found = routes_.find(logger);
  if (found != routes_.end()) return found->second;
  if (routes_.size() >= kMaxNames) routes_.clear();
  return routes_.emplace(logger, FindRoute(tree_, logger, handler_))
      .first->second;
}

}  // namespace logboom
