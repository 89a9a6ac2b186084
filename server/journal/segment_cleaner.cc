#include "server/journal/segment_cleaner.h"

#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "server/journal/retention.h"

namespace logboom {

void SegmentCleaner::Clean(absl::Time now) {
  std::vector<SegmentName> segments = head_->segments();
  if (segments.size() < 2) return;
  std::vector<Facts> facts;
  for (const SegmentName& segment : segments) {
    const absl::StatusOr<Facts> known = FactsOf(segment);
    // One that cannot be looked at is taken to be small and new: it goes with
    // its neighbours.
    facts.push_back(known.ok() ? *known : Facts{.begun = now});
  }
  std::vector<RetainedSegment> retained;
  for (size_t i = 0; i + 1 < segments.size(); ++i) {
    retained.push_back({.end_offset = segments[i + 1].first_offset,
                        .bytes = facts[i].bytes,
                        .ended = facts[i + 1].begun});
  }
  const Offset least_cursor =
      cursors_.least_offset().value_or(std::numeric_limits<Offset>::max());
  const size_t count =
      CountToDelete(options_, retained, facts.back().bytes, least_cursor, now);
  if (count == 0) return;
  if (retained[count - 1].end_offset > least_cursor) {
    Diagnose(
        DiagnosticLevel::kWarning,
        absl::StrCat("journal: more than journal.max_bytes: records before "
                     "offset ",
                     retained[count - 1].end_offset,
                     " are deleted; a handler is only at ", least_cursor));
  }
  segments.resize(count);
  Delete(segments);
}

// One after the other, each for good before the next: whatever a power cut
// takes back, no segment is missing between others. Those that a deleted one
// replaced go before it, or they would count again.
void SegmentCleaner::Delete(const std::vector<SegmentName>& segments) {
  // First: a reader that finds a file gone knows why.
  head_->RemoveOldest(segments.size());
  const auto listed = ListSegments(&files_, options_.path);
  if (!listed.ok()) return;
  for (const SegmentName& segment : *listed) {
    if (segment.number > segments.back().number) return;
    facts_.erase(segment.number);
    absl::Status removed = files_.Remove(segment.PathIn(options_.path));
    if (removed.ok()) removed = files_.SyncFolder(options_.path);
    if (removed.ok() || absl::IsNotFound(removed)) continue;
    Diagnose(DiagnosticLevel::kWarning,
             absl::StrCat("journal: segment ", segment.FileName(),
                          " cannot be deleted: ", removed.message()));
    return;
  }
}

absl::StatusOr<SegmentCleaner::Facts> SegmentCleaner::FactsOf(
    const SegmentName& segment) {
  if (const auto known = facts_.find(segment.number); known != facts_.end()) {
    return known->second;
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<File> file,
      files_.Open(segment.PathIn(options_.path), FileSystem::Mode::kRead));
  Facts facts;
  LOGBOOM_ASSIGN_OR_RETURN(facts.bytes, file->Size());
  LOGBOOM_ASSIGN_OR_RETURN(const SegmentHeader header,
                           ReadSegmentHeader(file.get()));
  facts.begun =
      absl::FromUnixNanos(static_cast<int64_t>(header.created_unix_nano));
  facts_.emplace(segment.number, facts);
  return facts;
}

}  // namespace logboom
