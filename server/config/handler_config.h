#ifndef LOGBOOM_SERVER_CONFIG_HANDLER_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_HANDLER_CONFIG_H_

#include <map>
#include <string>
#include <vector>

#include "server/config/config_value.h"
#include "server/logging/logging_options.h"

namespace logboom {

// What handlers and loggers refer to by name. The two vectors of a pair run in
// parallel; what did not load stands in them too, so that a reference to it is
// not a second error.
struct DictConfigNames {
  std::vector<std::string> formatter_names;
  std::vector<FormatterOptions> formatters;
  std::vector<std::string> filter_names;
  std::vector<std::string> filters;  // each filter's `name`
  std::vector<std::string> handler_names;
};

// Loads dictConfig's `handlers`. Each entry gives one element, in file order,
// faulty ones included.
std::vector<HandlerOptions> LoadHandlers(const ConfigValue& value,
                                         const DictConfigNames& names);

// A list of filters' names, as their prefixes.
std::vector<std::string> LoadFilters(const ConfigValue* value,
                                     const DictConfigNames& names);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_HANDLER_CONFIG_H_
