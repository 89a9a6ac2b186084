#ifndef LOGBOOM_SERVER_JOURNAL_PENDING_ENTRY_H_
#define LOGBOOM_SERVER_JOURNAL_PENDING_ENTRY_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// One entry to append. The journal fills in offset and checksums.
struct PendingEntry {
  EntryKind kind = EntryKind::kNative;
  bool anonymous = false;
  ProducerId producer_id{};
  uint64_t session_epoch = 0;
  uint64_t sequence = 0;
  absl::Time received;
  uint32_t record_count = 0;
  uint32_t severities = 0;
  uint64_t min_time_unix_nano = 0;
  uint64_t max_time_unix_nano = 0;
  absl::Cord resource;  // shared by all entries of a session
  absl::Cord payload;   // not copied before it is written
  absl::Cord ledger;    // an encoded LedgerDelta, mostly empty
  // While the disk fails: kept and written when it is well again, instead of
  // failing. For senders that cannot send again.
  bool keep_on_failure = false;

  size_t size_bytes() const {
    return resource.size() + payload.size() + ledger.size();
  }
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_PENDING_ENTRY_H_
