#ifndef LOGBOOM_CLI_STATS_TEXT_H_
#define LOGBOOM_CLI_STATS_TEXT_H_

#include "cli/stats_report.h"

namespace logboom {

// Prints the report for people, in aligned columns. Names are escaped to
// printable ASCII.
void PrintStats(const StatsReport& report);

}  // namespace logboom

#endif  // LOGBOOM_CLI_STATS_TEXT_H_
