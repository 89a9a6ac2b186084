#ifndef LOGBOOM_SERVER_JOURNAL_SEGMENT_NAME_H_
#define LOGBOOM_SERVER_JOURNAL_SEGMENT_NAME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "proto/wire/segment_name.h"
#include "server/journal/file_system.h"

namespace logboom {

// The segments of a folder by rising number. Other files are left alone.
absl::StatusOr<std::vector<SegmentName>> ListSegments(FileSystem* files,
                                                      absl::string_view folder);

// The header in the first bytes of a segment. Errors: UNAVAILABLE, the disk
// does not give it; DATA_LOSS, both copies are damaged; FAILED_PRECONDITION, of
// a newer format.
absl::StatusOr<SegmentHeader> ReadSegmentHeader(File* file);

// Leaves out the segments that a newer one replaces from their first offset on:
// where two claim an offset, the higher number wins. Takes them by rising
// number; what is left has rising first offsets too, and each one's records end
// where the next one's begin.
void DropReplacedSegments(std::vector<SegmentName>* segments);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_SEGMENT_NAME_H_
