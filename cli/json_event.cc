// The JSON line half of event.h.

#include <cmath>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/event.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

// "parse error at line 1, column 5: ..." without the library's own prefix and
// without the line, which is always 1.
std::string Reason(const Json::exception& error) {
  const std::string what = error.what();
  const size_t column = what.find("column ");
  if (column != std::string::npos) return what.substr(column);
  const size_t prefix = what.find("] ");
  return prefix == std::string::npos ? what : what.substr(prefix + 2);
}

absl::StatusOr<Json> ParseObject(absl::string_view line) {
  try {
    Json json = Json::parse(line.begin(), line.end());
    if (json.is_object()) return json;
    return Wrong("a JSON object is expected");
  } catch (const Json::exception& error) {
    return Wrong(absl::StrCat("not JSON: ", Reason(error)));
  }
}

bool DeeperThan(const Json& json, int levels) {
  if (!json.is_structured()) return false;
  if (levels == 0) return true;
  for (const Json& element : json) {
    if (DeeperThan(element, levels - 1)) return true;
  }
  return false;
}

absl::StatusOr<absl::Time> TimeOf(const Json& json) {
  absl::Time time;
  if (json.is_string()) {
    const std::string& text = json.get_ref<const std::string&>();
    std::string why;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &why)) {
      return Wrong(absl::StrCat("time: \"", text, "\" is not RFC 3339: ", why));
    }
  } else if (json.is_number()) {
    time = absl::UnixEpoch() + absl::Seconds(json.get<double>());
  } else {
    return Wrong("time: seconds since 1970 or an RFC 3339 text is expected");
  }
  // What fits into unsigned nanoseconds, as far as absl::ToUnixNanos goes.
  if (time < absl::UnixEpoch() || time > absl::FromUnixNanos(INT64_MAX)) {
    return Wrong("time: it must be from 1970 to 2262");
  }
  return time;
}

absl::StatusOr<EventLevel> LevelOf(const Json& json) {
  std::string text;
  if (json.is_string()) {
    text = json.get<std::string>();
  } else if (json.is_number_integer()) {
    text = json.dump();
  }
  const std::optional<EventLevel> level = ParseEventLevel(text);
  if (level.has_value()) return *level;
  return Wrong(absl::StrCat("level: ", json.dump(),
                            " is neither a level's name nor its number"));
}

absl::Status SetAttributes(const Json& json, Event* event) {
  if (!json.is_object()) return Wrong("attributes: an object is expected");
  for (const auto& [key, value] : json.items()) event->attributes[key] = value;
  return absl::OkStatus();
}

absl::Status SetKey(const std::string& key, const Json& value, Event* event) {
  if (key == "message") {
    event->body = value;
  } else if (key == "logger") {
    if (!value.is_string()) return Wrong("logger: text is expected");
    event->logger = value.get<std::string>();
  } else if (key == "level") {
    LOGBOOM_ASSIGN_OR_RETURN(event->level, LevelOf(value));
  } else if (key == "time") {
    LOGBOOM_ASSIGN_OR_RETURN(event->time, TimeOf(value));
  } else if (key == "attributes") {
    return SetAttributes(value, event);
  } else {
    event->attributes[key] = value;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Event> ParseJsonEvent(absl::string_view line,
                                     const Event& defaults) {
  LOGBOOM_ASSIGN_OR_RETURN(const Json json, ParseObject(line));
  // Some of the depth is the record's own.
  constexpr int kDepth = kMaxValueDepth - 4;
  if (DeeperThan(json, kDepth)) {
    return Wrong(absl::StrCat("nested deeper than ", kDepth));
  }
  Event event = defaults;
  for (const auto& [key, value] : json.items()) {
    LOGBOOM_RETURN_IF_ERROR(SetKey(key, value, &event));
  }
  return event;
}

}  // namespace logboom
