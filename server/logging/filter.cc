#include "server/logging/filter.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace logboom {

bool FilterPasses(absl::string_view name, absl::string_view logger) {
  if (name.empty() || name == logger) return true;
  return absl::StartsWith(logger, name) && logger[name.size()] == '.';
}

bool FiltersPass(const std::vector<std::string>& names,
                 absl::string_view logger) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return FilterPasses(name, logger);
  });
}

}  // namespace logboom
