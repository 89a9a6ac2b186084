#include "server/journal/segment_name.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {

absl::StatusOr<std::vector<SegmentName>> ListSegments(
    FileSystem* files, absl::string_view folder) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<std::string> file_names,
                           files->List(folder));
  std::vector<SegmentName> segments;
  for (const std::string& file_name : file_names) {
    if (const auto name = ParseSegmentName(file_name)) {
      segments.push_back(*name);
    }
  }
  std::sort(segments.begin(), segments.end(),
            [](const SegmentName& a, const SegmentName& b) {
              return std::tie(a.number, a.first_offset) <
                     std::tie(b.number, b.first_offset);
            });
  return segments;
}

absl::StatusOr<SegmentHeader> ReadSegmentHeader(File* file) {
  char bytes[kFirstEntryByte];
  const auto size = file->ReadAt(0, absl::MakeSpan(bytes));
  if (!size.ok()) return absl::UnavailableError(size.status().message());
  return DecodeSegmentHeader(absl::string_view(bytes, *size));
}

void DropReplacedSegments(std::vector<SegmentName>* segments) {
  size_t kept = 0;
  for (const SegmentName& newer : *segments) {
    while (kept > 0 && (*segments)[kept - 1].first_offset >= newer.first_offset)
      --kept;
    (*segments)[kept++] = newer;
  }
  segments->resize(kept);
}

}  // namespace logboom
