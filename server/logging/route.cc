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

Route RouteCache::Find(const LogEvent& event) {
  const absl::string_view logger_name =
      event.logger.empty() ? "root" : event.logger;
  const absl::string_view name = filtered_ ? OwnName(event) : logger_name;
  if (name == logger_name) {
    if (last_.has_value() && event.logger == last_logger_) return *last_;
    last_ = FindIn(routes_, event.logger, event, name);
    last_logger_.assign(event.logger.data(), event.logger.size());
    return *last_;
  }
  // The length keeps two pairs of names apart whatever is in them.
  const std::string both =
      absl::StrCat(event.logger.size(), ":", event.logger, name);
  return FindIn(renamed_, both, event, name);
}

Route RouteCache::FindIn(Routes& routes, absl::string_view key,
                         const LogEvent& event, absl::string_view name) {
  if (const auto found = routes.find(key); found != routes.end()) {
    return found->second;
  }
  const Route route = FindRoute(tree_, event.logger, name, handler_);
  if (key.size() > kMaxNameBytes) return route;
  if (routes.size() >= kMaxNames) routes.clear();
  routes.emplace(key, route);
  return route;
}

}  // namespace logboom
