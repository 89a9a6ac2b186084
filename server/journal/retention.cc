#include "server/journal/retention.h"

namespace logboom {

size_t CountToDelete(const JournalOptions& options,
                     absl::Span<const RetainedSegment> segments,
                     int64_t newest_bytes, Offset least_cursor,
                     absl::Time now) {
  int64_t bytes = newest_bytes;
  for (const RetainedSegment& segment : segments) bytes += segment.bytes;

  size_t count = 0;
  for (const RetainedSegment& segment : segments) {
    const bool passed = least_cursor >= segment.end_offset;
    const bool due = bytes > options.retain_bytes ||
                     now - segment.ended > options.retain_age;
    if (bytes <= options.effective_max_bytes() && !(due && passed)) break;
    bytes -= segment.bytes;
    ++count;
  }
  return count;
}

}  // namespace logboom
