#ifndef LOGBOOM_TESTS_FAULT_STATS_CHECK_H_
#define LOGBOOM_TESTS_FAULT_STATS_CHECK_H_

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/fault/findings.h"
#include "tests/fault/journal_check.h"

namespace logboom {

// Asks `logboom journal stats` (the program `cli`) about a journal that no
// server has open, and finds a balance that does not close.
class StatsCheck {
 public:
  // What the program says on stderr goes to the end of the file `messages`.
  StatsCheck(const std::string& cli, const std::string& messages,
             std::string journal_folder, Findings* findings)
      : command_(absl::StrCat(cli, " 2>>", messages, " journal stats --json ")),
        folder_(std::move(journal_folder)),
        findings_(*findings) {}

  // At any moment: the balances close, and the head is not behind the one of
  // the call before.
  void CheckBalances();

  // When handlers are done: what it says is what the journal holds.
  void CheckAgainst(const JournalContents& journal);

 private:
  const std::string command_;
  const std::string folder_;
  Findings& findings_;
  Offset last_head_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_STATS_CHECK_H_
