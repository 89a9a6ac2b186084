#ifndef LOGBOOM_CLI_STATS_JSON_H_
#define LOGBOOM_CLI_STATS_JSON_H_

#include <nlohmann/json.hpp>

#include "cli/stats_report.h"

namespace logboom {

// All of the report. Numbers of reasons that are 0 are left out.
nlohmann::ordered_json StatsJson(const StatsReport& report);

}  // namespace logboom

#endif  // LOGBOOM_CLI_STATS_JSON_H_
