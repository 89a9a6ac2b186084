#ifndef LOGBOOM_TESTS_FAULT_CLIENT_JOURNAL_LEDGER_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_JOURNAL_LEDGER_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "logboom/client.h"
#include "tests/fault/findings.h"

namespace logboom {

// What `logboom journal stats --json` says of a journal. Plain data.
struct JournalLedger {
  int64_t stored = 0;
  int64_t pending = 0;                    // of the handler furthest behind
  std::map<std::string, int64_t> losses;  // by reason

  int64_t loss(const std::string& reason) const;

  // Finds any loss at all.
  void ExpectNoLosses(Findings* findings) const;
  // Finds a loss that is not exactly what the client says it lost, by reason;
  // with `at_most` the journal may have been told less.
  void ExpectLossesOf(const ClientStats& stats, bool at_most,
                      absl::string_view place, Findings* findings) const;
};

// Asks the program `cli` about a journal that no server has open.
// Errors: INTERNAL, it does not answer, or a balance does not close.
absl::StatusOr<JournalLedger> ReadJournalLedger(const std::string& cli,
                                                const std::string& folder);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_JOURNAL_LEDGER_H_
