#ifndef LOGBOOM_CLIENT_SPOOL_SEGMENT_H_
#define LOGBOOM_CLIENT_SPOOL_SEGMENT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "proto/wire/journal_entry.h"
#include "proto/wire/segment_name.h"

namespace logboom {

// What is known of one file of the spool; it has at least one entry.
struct SpoolSegment {
  SegmentName name;
  JournalId journal_id{};
  int64_t bytes = 0;  // of the file; no entry is behind
  uint64_t epoch = 0;
  uint64_t first_sequence = 0;
  uint64_t last_sequence = 0;
  Offset end_offset = 0;  // behind its last record
  int64_t records = 0;    // not settled, and not damaged as far as is known

  // Bytes that no whole entry can be read from, by position. Each is told once.
  struct Damage {
    int64_t begin = 0;
    int64_t end = 0;
    int64_t records = 0;
  };
  std::vector<Damage> damage;

  // Takes note of `found`; nullopt: it is known. Else how many of its records
  // were not known to be damaged.
  std::optional<int64_t> AddDamage(const Damage& found);
  bool IsDamaged(int64_t begin) const;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_SEGMENT_H_
