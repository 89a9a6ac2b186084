#ifndef LOGBOOM_CLI_RECORD_JSON_H_
#define LOGBOOM_CLI_RECORD_JSON_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "proto/wire/record_view.h"

namespace logboom {

// Stored records as JSON. Strings that are not UTF-8 keep their bytes as \xNN;
// bytes become {"base64": ...}; numbers that JSON has not become text.

nlohmann::ordered_json JsonFromValue(const AnyValueView& value);
nlohmann::ordered_json JsonFromMap(MapView map);
// Fields that a record lacks are left out.
nlohmann::ordered_json JsonFromRecord(const RecordView& record);

// What OTLP says of a record's scope beside its name, which is the logger.
nlohmann::ordered_json JsonFromScope(absl::string_view version,
                                     MapView attributes);

// RFC 3339, UTC, to the nanosecond.
std::string TimeText(uint64_t unix_nano);

// One line of ASCII: whatever is not is escaped, so that no record can forge
// lines or steer a terminal.
std::string JsonText(const nlohmann::ordered_json& json);

// `text` with every byte that is not part of valid UTF-8 written as \xNN.
std::string ValidUtf8(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_CLI_RECORD_JSON_H_
