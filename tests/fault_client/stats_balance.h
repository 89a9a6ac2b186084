#ifndef LOGBOOM_TESTS_FAULT_CLIENT_STATS_BALANCE_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_STATS_BALANCE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "logboom/client.h"
#include "tests/fault/findings.h"

namespace logboom {

// "logged 7, acknowledged 5, ...": what is not zero.
std::string ClientStatsText(const ClientStats& stats);

// Finds stats of a client at rest that do not balance, or that do not have
// exactly the calls that were made.
void CheckBalance(const ClientStats& stats, int64_t calls,
                  absl::string_view place, Findings* findings);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_STATS_BALANCE_H_
