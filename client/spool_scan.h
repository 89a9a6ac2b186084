#ifndef LOGBOOM_CLIENT_SPOOL_SCAN_H_
#define LOGBOOM_CLIENT_SPOOL_SCAN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/spool_disk.h"
#include "client/spool_reader.h"
#include "client/spool_segment.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// What one pass over the headers of a file finds.
struct SpoolScan {
  // nullopt: it has no entry.
  std::optional<SpoolSegment> segment;
  std::string resource;      // of the first whole entry
  ProducerId producer_id{};  // of the last one
  int64_t bytes = 0;         // of the file
  // Behind the last entry: a torn write, or damage; 0: nothing but zeros.
  int64_t tail_bytes = 0;
  int64_t missing_records = 0;  // known to have been in damaged bytes
  int64_t damaged_bytes = 0;
};

// `fallback_id` where the file's own header does not say the journal's id. A
// tail is cut off where the disk allows it.
// Errors: FAILED_PRECONDITION, of a format that this program does not know;
// those of opening it.
absl::StatusOr<SpoolScan> ScanSpoolSegment(SpoolDisk* disk,
                                           const std::string& path,
                                           const SegmentName& name,
                                           const JournalId& fallback_id);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_SCAN_H_
