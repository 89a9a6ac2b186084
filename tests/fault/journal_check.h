#ifndef LOGBOOM_TESTS_FAULT_JOURNAL_CHECK_H_
#define LOGBOOM_TESTS_FAULT_JOURNAL_CHECK_H_

#include <string>

#include "proto/wire/journal_entry.h"
#include "server/journal/ledger_counts.h"
#include "tests/fault/findings.h"
#include "tests/fault/stream_check.h"

namespace logboom {

// What a journal holds.
struct JournalContents {
  Offset head = 0;
  StreamContents all;
  StreamContents shared;  // the records of shared sources alone
  LedgerCounts ledger;    // the sums of what its entries carry
};

// Reads the journal in `folder` from its first record and finds: offsets given
// out twice or left out; records missing, repeated, not in their source's order
// or not as they were sent; a producer's sequences that do not rise; totals at
// a segment's head that are not the sums of the entries before.
JournalContents CheckJournal(const std::string& folder, Findings* findings);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_JOURNAL_CHECK_H_
