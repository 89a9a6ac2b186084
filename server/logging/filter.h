#ifndef LOGBOOM_SERVER_LOGGING_FILTER_H_
#define LOGBOOM_SERVER_LOGGING_FILTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace logboom {

// logging.Filter: whether `logger` is `name` or below it; '' passes all. The
// root logger is called 'root' here, as its records are.
bool FilterPasses(absl::string_view name, absl::string_view logger);

// Whether every filter passes.
bool FiltersPass(const std::vector<std::string>& names,
                 absl::string_view logger);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FILTER_H_
