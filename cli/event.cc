#include "cli/event.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "proto/wire/level.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;

EventLevel LevelOfNumber(int32_t levelno) {
  return {levelno, SeverityFromLevelno(levelno), LevelName(levelno)};
}

void WriteJson(const Json& json, ValueWriter& out);

void WriteArray(const Json& json, ValueWriter& out) {
  const OpenField array = out.BeginArray();
  for (const Json& element : json) {
    const OpenField value = out.BeginElement();
    WriteJson(element, out);
    out.message().End(value);
  }
  out.EndContainer(array);
}

void WriteMap(const Json& json, ValueWriter& out) {
  const OpenField map = out.BeginMap();
  for (const auto& [key, element] : json.items()) {
    const ValueWriter::OpenPair pair = out.BeginPair(key);
    WriteJson(element, out);
    out.EndPair(pair);
  }
  out.EndContainer(map);
}

// A whole number; beyond 64 bits with a sign, as text, which keeps its digits.
void WriteNumber(const Json& json, ValueWriter& out) {
  if (json.is_number_unsigned() &&
      json.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) {
    out.String(absl::StrCat(json.get<uint64_t>()));
  } else if (json.is_number_integer()) {
    out.Int(json.get<int64_t>());
  } else {
    out.Double(json.get<double>());
  }
}

// As deep as the JSON, which ParseJsonEvent has bounded.
void WriteJson(const Json& json, ValueWriter& out) {
  switch (json.type()) {
    case Json::value_t::string:
      return out.String(json.get_ref<const std::string&>());
    case Json::value_t::boolean:
      return out.Bool(json.get<bool>());
    case Json::value_t::array:
      return WriteArray(json, out);
    case Json::value_t::object:
      return WriteMap(json, out);
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return WriteNumber(json, out);
    default:
      return out.None();
  }
}

Event SampleEvent(absl::Time now, absl::string_view logger, int32_t levelno,
                  absl::string_view message) {
  Event event;
  event.time = now;
  event.logger = std::string(logger);
  event.level = LevelOfNumber(levelno);
  event.body = std::string(message);
  return event;
}

}  // namespace

std::optional<EventLevel> ParseEventLevel(absl::string_view text) {
  int32_t levelno = 0;
  if (absl::SimpleAtoi(text, &levelno)) return LevelOfNumber(levelno);
  if (const std::optional<int32_t> known =
          LevelnoFromName(absl::AsciiStrToUpper(text));
      known.has_value()) {
    return LevelOfNumber(*known);
  }
  const std::optional<int32_t> severity = SeverityFromText(text);
  if (!severity.has_value()) return std::nullopt;
  return EventLevel{LevelnoFromSeverity(*severity), *severity,
                    std::string(text)};
}

nlohmann::ordered_json ParseTypedValue(absl::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  int64_t whole = 0;
  if (absl::SimpleAtoi(text, &whole)) return whole;
  double number = 0;
  if (absl::SimpleAtod(text, &number)) return number;
  return std::string(text);
}

void AppendRecord(const Event& event, std::string* records) {
  MessageWriter batch(records);
  const OpenField open = batch.Begin(kBatchRecordsField);
  RecordWriter record(records);
  record.Time(static_cast<uint64_t>(absl::ToUnixNanos(event.time)));
  record.SeverityNumber(event.level.severity);
  record.SeverityText(event.level.name);
  const OpenField body = record.BeginBody();
  WriteJson(event.body, record.value());
  record.EndBody(body);
  for (const auto& [key, value] : event.attributes.items()) {
    const ValueWriter::OpenPair pair = record.BeginAttribute(key);
    WriteJson(value, record.value());
    record.EndAttribute(pair);
  }
  record.Levelno(event.level.levelno);
  record.Logger(event.logger);
  batch.End(open);
}

std::vector<Event> SampleEvents(absl::Time now) {
  return {
      SampleEvent(now, "root", kLevelInfo,
                  "Jackdaws love my big sphinx of quartz."),
      SampleEvent(now, "myapp.area1", kLevelDebug,
                  "Quick zephyrs blow, vexing daft Jim."),
      SampleEvent(now, "myapp.area1", kLevelInfo,
                  "How quickly daft jumping zebras vex."),
      SampleEvent(now, "myapp.area2", kLevelWarning,
                  "Jail zesty vixen who grabbed pay from quack."),
      SampleEvent(now, "myapp.area2", kLevelError,
                  "The five boxing wizards jump quickly."),
  };
}

}  // namespace logboom
