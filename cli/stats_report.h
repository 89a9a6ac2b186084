#ifndef LOGBOOM_CLI_STATS_REPORT_H_
#define LOGBOOM_CLI_STATS_REPORT_H_

#include <algorithm>
#include <optional>
#include <string>

#include "server/journal/journal_stats.h"
#include "server/journal/verify_journal.h"

namespace logboom {

// What `journal stats` has to say, in text or JSON.
struct StatsReport {
  std::string folder;
  JournalStats stats;
  std::optional<JournalVerification> verification;  // when asked for

  bool balanced() const {
    return std::all_of(stats.handlers.begin(), stats.handlers.end(),
                       [](const HandlerBalance& handler) {
                         return handler.difference() == 0;
                       });
  }
  bool all_is_well() const {
    return balanced() && (!verification || verification->missing.empty());
  }
};

}  // namespace logboom

#endif  // LOGBOOM_CLI_STATS_REPORT_H_
