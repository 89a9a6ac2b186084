#ifndef LOGBOOM_SERVER_JOURNAL_RECOVERY_H_
#define LOGBOOM_SERVER_JOURNAL_RECOVERY_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/file_system.h"
#include "server/journal/ledger_counts.h"
#include "server/journal/producer_table.h"
#include "server/journal/segment_name.h"
#include "server/journal/segment_writer.h"

namespace logboom {

// What a journal's folder holds when it is opened.
struct RecoveredJournal {
  JournalId journal_id{};
  // By rising number, without replaced ones.
  std::vector<SegmentName> segments;
  // Where the whole entries of the newest segment end, and the offset behind
  // them.
  int64_t end = kFirstEntryByte;
  Offset next_offset = 0;
  // Above every number in the folder.
  uint64_t next_number = 1;
  // How far each producer's batches are stored, and what the ledger counted, up
  // to there.
  ProducerTable producers;
  LedgerCounts ledger;
  // Nothing was written after an orderly stop's notice.
  bool stopped_in_order = false;
  // The newest segment begins with them, so that no older one is needed.
  bool has_snapshot = false;
  // Goes on with the newest segment; null when a new one has to be begun.
  std::unique_ptr<SegmentWriter> writer;
};

enum class RecoveryMode {
  // For the server that owns the folder: cuts a torn tail, so that zeros are
  // behind the last whole entry again, and makes that entry durable.
  kRepair,
  kReadOnly,  // changes nothing; for a folder that may be in use
};

// Finds head, producers and ledger by the newest segment alone, however large
// the journal is: older ones are asked only when it has no whole header or
// snapshot. What it cuts and what damage it meets it reports, a line each. What
// cannot be read counts as damaged.
// Errors: those of the file system; FAILED_PRECONDITION, of a newer format.
absl::StatusOr<RecoveredJournal> RecoverJournal(FileSystem* files,
                                                absl::string_view folder,
                                                RecoveryMode mode);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_RECOVERY_H_
