#ifndef LOGBOOM_TESTS_FAULT_VERDICT_H_
#define LOGBOOM_TESTS_FAULT_VERDICT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/findings.h"
#include "tests/fault/journal_check.h"
#include "tests/fault/output_check.h"
#include "tests/fault/publish_producer.h"
#include "tests/fault/raw_sender.h"

namespace logboom {

// What was done to the server, by those who did it.
struct Deeds {
  MadeCounts published;                             // of all producers
  std::map<RecordSource, uint64_t> published_last;  // records of each
  std::vector<RawSender::Connection> connections;
  int last_run = 0;  // of the server: the one that was stopped, not killed
};

// What became of raw TCP, which nobody acknowledges.
struct RawReport {
  uint64_t sent = 0;
  uint64_t stored = 0;
};

// Finds where the journal is not what was sent: every record published; of each
// raw connection not more than was sent, and of those to the last run all.
RawReport JudgeRecords(const Deeds& deeds, const JournalContents& journal,
                       Findings* findings);

// Finds where the ledger does not have every loss that was made: exactly those
// that came by Publish; those by raw TCP as far as the server lived to see
// them.
void JudgeLedger(const Deeds& deeds, const JournalContents& journal,
                 Findings* findings);

// A handler's place, as it must be in the end.
struct ExpectedCursor {
  std::string handler;
  int64_t handled = 0;  // records, of all that the journal holds
};

// Finds handlers of the journal in `folder` whose cursor is not at `head`, or
// has other counts.
void JudgeCursors(const std::string& folder, Offset head,
                  const std::vector<ExpectedCursor>& expected,
                  Findings* findings);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_VERDICT_H_
