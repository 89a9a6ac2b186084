#include "client/spool_segment.h"

#include <algorithm>

namespace logboom {

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
