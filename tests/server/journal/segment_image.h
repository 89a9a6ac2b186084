#ifndef LOGBOOM_TESTS_SERVER_JOURNAL_SEGMENT_IMAGE_H_
#define LOGBOOM_TESTS_SERVER_JOURNAL_SEGMENT_IMAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "proto/wire/journal_entry.h"
#include "server/journal/pending_entry.h"
#include "server/journal/segment_reader.h"

namespace logboom {

inline constexpr JournalId kTestJournal = {0, 1, 2,  3,  4,  5,  6,  7,
                                           8, 9, 10, 11, 12, 13, 14, 15};

// A native entry of `record_count` records whose payload is `payload`.
PendingEntry EntryOf(absl::string_view payload, uint32_t record_count = 1);

// A segment as SegmentWriter writes it, in memory.
struct SegmentImage {
  std::string bytes;
  std::vector<int64_t> begins;  // of its entries
  std::vector<int64_t> ends;

  int64_t entries_end() const {
    return ends.empty() ? kFirstEntryByte : ends.back();
  }
  // Entries that end at or before byte `cut`.
  size_t WholeEntriesBefore(int64_t cut) const;
};

// Offsets count from 0; `spare_bytes` of zeros follow the last entry.
SegmentImage MakeSegmentOf(const std::vector<PendingEntry>& entries,
                           int64_t spare_bytes = 0,
                           const JournalId& journal_id = kTestJournal);
// One record an entry.
SegmentImage MakeSegment(const std::vector<std::string>& payloads,
                         int64_t spare_bytes = 0);

// What a SegmentReader makes of a file.
struct ReadBack {
  std::vector<std::string> payloads;
  std::vector<Offset> offsets;  // first ones
  std::vector<DamagedExtent> damaged;
  int64_t end = 0;  // where the tail begins
};

ReadBack ReadSegment(const std::string& bytes);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_JOURNAL_SEGMENT_IMAGE_H_
