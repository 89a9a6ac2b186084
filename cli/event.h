#ifndef LOGBOOM_CLI_EVENT_H_
#define LOGBOOM_CLI_EVENT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace logboom {

// A level as people write it.
struct EventLevel {
  int32_t levelno = 20;  // Python's scale
  int32_t severity = 9;  // OpenTelemetry's
  std::string name = "INFO";
};

// Python's names, other sources' ("notice", "err", "trace"), in any case, or a
// number on Python's scale. Nullopt: none of these.
std::optional<EventLevel> ParseEventLevel(absl::string_view text);

// One record as `logboom send` makes it. JSON values hold body and attributes,
// because they have the same kinds; strings need not be UTF-8.
struct Event {
  absl::Time time;
  std::string logger = "root";
  EventLevel level;
  nlohmann::ordered_json body;
  nlohmann::ordered_json attributes = nlohmann::ordered_json::object();
};

// The value of an attribute on the command line: true, false, a whole number, a
// number, else text.
nlohmann::ordered_json ParseTypedValue(absl::string_view text);

// Reads a line of JSON: an object with any of `message`, `logger`, `level`
// (name or number), `time` (seconds since 1970 or RFC 3339) and `attributes`;
// other keys become attributes. What it lacks it takes from `defaults`.
// Errors: INVALID_ARGUMENT, what is wrong.
absl::StatusOr<Event> ParseJsonEvent(absl::string_view line,
                                     const Event& defaults);

// Appends the event to `records` as one element of LogBatch.records.
void AppendRecord(const Event& event, std::string* records);

// The five events of the logging cookbook's network example (CPython,
// Doc/howto/logging-cookbook.rst), in its order.
std::vector<Event> SampleEvents(absl::Time now);

}  // namespace logboom

#endif  // LOGBOOM_CLI_EVENT_H_
