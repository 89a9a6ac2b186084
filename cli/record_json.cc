#include "cli/record_json.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;
using Kind = AnyValueView::Kind;

// Length of the UTF-8 sequence at the start of `text`; 0 when there is none
// (RFC 3629 section 4: no overlong forms, no surrogates, at most U+10FFFF).
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&text](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (byte(1) < low || byte(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  }
  return length;
}

// The journal holds checked records, but this tool is for damaged ones too.
Json ValueWithin(const AnyValueView& value, int levels);

Json MapWithin(MapView map, int levels) {
  Json object = Json::object();
  while (map.Next()) {
    object[ValidUtf8(map.key())] = ValueWithin(map.value(), levels);
  }
  return object;
}

Json ArrayWithin(ArrayView view, int levels) {
  Json array = Json::array();
  while (view.Next()) array.push_back(ValueWithin(view.value(), levels));
  return array;
}

Json ValueWithin(const AnyValueView& value, int levels) {
  if (levels == 0) return "nested too deeply";
  switch (value.kind()) {
    case Kind::kNone:
      return nullptr;
    case Kind::kString:
      return ValidUtf8(value.string_value());
    case Kind::kBool:
      return value.bool_value();
    case Kind::kInt:
      return value.int_value();
    case Kind::kDouble:
      if (std::isfinite(value.double_value())) return value.double_value();
      return absl::StrCat(value.double_value());
    case Kind::kArray:
      return ArrayWithin(value.array(), levels - 1);
    case Kind::kMap:
      return MapWithin(value.map(), levels - 1);
    case Kind::kBytes:
      return Json{{"base64", absl::Base64Escape(value.bytes_value())}};
  }
  return nullptr;
}

void AddLevel(const RecordView& record, Json& json) {
  if (record.severity_number != 0) json["severity"] = record.severity_number;
  if (record.levelno.has_value()) json["levelno"] = *record.levelno;
  if (!record.severity_text.empty()) {
    json["level"] = ValidUtf8(record.severity_text);
  }
}

void AddContext(const RecordView& record, Json& json) {
  if (!record.event_name.empty()) {
    json["event_name"] = ValidUtf8(record.event_name);
  }
  if (!record.trace_id.empty()) {
    json["trace_id"] = absl::BytesToHexString(record.trace_id);
  }
  if (!record.span_id.empty()) {
    json["span_id"] = absl::BytesToHexString(record.span_id);
  }
  if (record.flags != 0) json["flags"] = record.flags;
  if (record.dropped_attributes_count != 0) {
    json["dropped_attributes_count"] = record.dropped_attributes_count;
  }
}

}  // namespace

std::string ValidUtf8(absl::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) {
      absl::StrAppendFormat(&valid, "\\x%02x",
                            static_cast<unsigned char>(text[0]));
    } else {
      valid.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

Json JsonFromValue(const AnyValueView& value) {
  return ValueWithin(value, kMaxValueDepth);
}

Json JsonFromMap(MapView map) { return MapWithin(map, kMaxValueDepth); }

Json JsonFromRecord(const RecordView& record) {
  Json json = Json::object();
  if (record.time_unix_nano != 0)
    json["time"] = TimeText(record.time_unix_nano);
  if (record.observed_time_unix_nano != 0) {
    json["observed_time"] = TimeText(record.observed_time_unix_nano);
  }
  json["logger"] = ValidUtf8(record.logger);
  AddLevel(record, json);
  if (record.body.has_value()) json["message"] = JsonFromValue(*record.body);
  AddContext(record, json);
  Json attributes = JsonFromMap(record.attributes());
  if (!attributes.empty()) json["attributes"] = std::move(attributes);
  return json;
}

Json JsonFromScope(absl::string_view version, MapView attributes) {
  Json json = Json::object();
  if (!version.empty()) json["version"] = ValidUtf8(version);
  Json map = JsonFromMap(attributes);
  if (!map.empty()) json["attributes"] = std::move(map);
  return json;
}

std::string TimeText(uint64_t unix_nano) {
  // The upper half of the range is beyond absl::FromUnixNanos.
  const absl::Time time = absl::UnixEpoch() +
                          absl::Seconds(unix_nano / 1'000'000'000) +
                          absl::Nanoseconds(unix_nano % 1'000'000'000);
  return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}

std::string JsonText(const Json& json) {
  std::string text =
      json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  // The one control character of ASCII that JSON lets pass.
  size_t at = 0;
  while ((at = text.find('\x7F', at)) != std::string::npos) {
    text.replace(at, 1, "\\u007f");
  }
  return text;
}

}  // namespace logboom
