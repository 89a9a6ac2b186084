#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_TIME_ZONE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_TIME_ZONE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace logboom {

// The offset from UTC, in seconds, at a wall-clock time in a zone of the time
// zone database, as zoneinfo.ZoneInfo.utcoffset has it: where clocks go back,
// `fold` picks the second pass; where they go forward, it picks the offset
// after.
//
// `name` comes from records: only names of the database's form are looked up
// ("Europe/Berlin", nothing that could be another file), and at most 1,000
// different ones in the life of a process, because the zones stay in memory.
// nullopt for others and for what the database lacks. Thread-safe.
std::optional<int64_t> ZoneOffsetSeconds(absl::string_view name,
                                         absl::CivilSecond local, bool fold);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_TIME_ZONE_H_
