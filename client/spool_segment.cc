#include "client/spool_segment.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

constexpr size_t kOffsetDigits = 20;

}  // namespace

std::string SpoolSegmentName::FileName() const {
  return absl::StrFormat("%020d-%010d.segment", first_offset, number);
}

std::optional<SpoolSegmentName> SpoolSegmentName::Parse(
    absl::string_view file_name) {
  const size_t end = file_name.rfind('.');
  SpoolSegmentName name;
  if (end == absl::string_view::npos || end <= kOffsetDigits ||
      !absl::SimpleAtoi(file_name.substr(0, kOffsetDigits),
                        &name.first_offset) ||
      !absl::SimpleAtoi(
          file_name.substr(kOffsetDigits + 1, end - kOffsetDigits - 1),
          &name.number)) {
    return std::nullopt;
  }
  // SimpleAtoi is lenient (signs, spaces): only the exact form counts.
  if (name.FileName() != file_name) return std::nullopt;
  return name;
}

std::optional<int64_t> SpoolSegment::AddDamage(const Damage& found) {
  int64_t known_records = 0;
  bool known = false;
  for (const Damage& old : damage) {
    if (old.begin < found.begin || old.end > found.end) continue;
    known |= old.begin == found.begin && old.end == found.end;
    known_records += old.records;
  }
  if (known) return std::nullopt;
  damage.erase(std::remove_if(damage.begin(), damage.end(),
                              [&](const Damage& old) {
                                return old.begin >= found.begin &&
                                       old.end <= found.end;
                              }),
               damage.end());
  damage.push_back(found);
  return std::max(found.records - known_records, int64_t{0});
}

bool SpoolSegment::IsDamaged(int64_t begin) const {
  return std::any_of(damage.begin(), damage.end(), [begin](const Damage& part) {
    return part.begin == begin;
  });
}

}  // namespace logboom
