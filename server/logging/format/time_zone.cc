#include "server/logging/format/time_zone.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace logboom {
namespace {

constexpr size_t kMaxZones = 1000;
constexpr size_t kMaxNameSize = 64;

// Letters, digits, '_', '+' and '-', in parts between slashes; so neither an
// absolute path nor one with dots.
bool IsZoneName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxNameSize || name[0] == '/') {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("_+-/", c);
  });
}

// Zones looked up so far; nullopt for what the database lacks.
class ZoneCache {
 public:
  std::optional<absl::TimeZone> Find(absl::string_view name) {
    MutexLock lock(&mu_);
    const std::string key(name);
    const auto known = zones_.find(key);
    if (known != zones_.end()) return known->second;
    if (zones_.size() >= kMaxZones) return std::nullopt;
    absl::TimeZone zone;
    std::optional<absl::TimeZone> found;
    if (absl::LoadTimeZone(key, &zone)) found = zone;
    zones_[key] = found;
    return found;
  }

 private:
  Mutex mu_;
  std::map<std::string, std::optional<absl::TimeZone>> zones_
      ABSL_GUARDED_BY(mu_);
};

}  // namespace

std::optional<int64_t> ZoneOffsetSeconds(absl::string_view name,
                                         absl::CivilSecond local, bool fold) {
  static auto* cache = new ZoneCache;
  if (!IsZoneName(name)) return std::nullopt;
  const std::optional<absl::TimeZone> zone = cache->Find(name);
  if (!zone) return std::nullopt;
  const absl::TimeZone::TimeInfo info = zone->At(local);
  // In a gap `pre` is reckoned with the offset before it; in an overlap it is
  // the first pass, whose offset is also the one before.
  const absl::Time when = fold ? info.post : info.pre;
  return (local - absl::ToCivilSecond(when, absl::UTCTimeZone()));
}

}  // namespace logboom
