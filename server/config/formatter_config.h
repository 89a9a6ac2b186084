#ifndef LOGBOOM_SERVER_CONFIG_FORMATTER_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_FORMATTER_CONFIG_H_

#include "server/config/config_value.h"
#include "server/logging/logging_options.h"

namespace logboom {

// One entry of dictConfig's `formatters`, its format compiled to see whether it
// is one. Reports what is wrong and gives what is left.
FormatterOptions LoadFormatter(const ConfigValue& value);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_FORMATTER_CONFIG_H_
