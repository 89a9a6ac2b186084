#include "tests/server/logging/format/golden_cases.h"

#include <time.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/escaping.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

using Json = nlohmann::json;

std::string Text(const Json& json) { return json.get<std::string>(); }

void WriteValue(const Json& json, ValueWriter* out);

void WriteArray(const Json& items, ValueWriter* out) {
  const OpenField array = out->BeginArray();
  for (const Json& item : items) {
    const OpenField element = out->BeginElement();
    WriteValue(item, out);
    out->message().End(element);
  }
  out->EndContainer(array);
}

void WriteMap(const Json& pairs, ValueWriter* out) {
  const OpenField map = out->BeginMap();
  for (const Json& pair : pairs) {
    const ValueWriter::OpenPair open = out->BeginPair(Text(pair[0]));
    WriteValue(pair[1], out);
    out->EndPair(open);
  }
  out->EndContainer(map);
}

// {"f": ...}, {"b": ...}, {"s": ...} or {"m": ...}.
void WriteTagged(const Json& json, ValueWriter* out) {
  if (json.contains("f")) {
    out->Double(std::strtod(Text(json["f"]).c_str(), nullptr));
  } else if (json.contains("b")) {
    out->Bytes(absl::HexStringToBytes(Text(json["b"])));
  } else if (json.contains("s")) {
    out->String(absl::HexStringToBytes(Text(json["s"])));
  } else {
    WriteMap(json.at("m"), out);
  }
}

void WriteValue(const Json& json, ValueWriter* out) {
  if (json.is_null()) {
    out->None();
  } else if (json.is_boolean()) {
    out->Bool(json.get<bool>());
  } else if (json.is_number_integer()) {
    out->Int(json.get<int64_t>());
  } else if (json.is_string()) {
    out->String(Text(json));
  } else if (json.is_array()) {
    WriteArray(json, out);
  } else {
    WriteTagged(json, out);
  }
}

Json ReadFile() {
  std::ifstream file(LOGBOOM_GOLDEN_FORMAT);
  return Json::parse(file);
}

}  // namespace

const Json& GoldenCases(absl::string_view group) {
  static const Json* cases = new Json(ReadFile());
  return cases->at(std::string(group));
}

GoldenValue::GoldenValue(const Json& json) {
  MessageWriter message(&encoded_);
  ValueWriter value(&message);
  WriteValue(json, &value);
}

std::string GoldenRecord(const Json& json) {
  std::string encoded;
  RecordWriter record(&encoded);
  if (json.contains("time")) record.Time(json["time"].get<uint64_t>());
  if (json.contains("logger")) record.Logger(Text(json["logger"]));
  if (json.contains("levelno")) record.Levelno(json["levelno"].get<int>());
  if (json.contains("severity_text")) {
    record.SeverityText(Text(json["severity_text"]));
  }
  if (json.contains("body")) {
    const OpenField body = record.BeginBody();
    WriteValue(json["body"], &record.value());
    record.EndBody(body);
  }
  for (const Json& pair : json.at("attributes")) {
    const ValueWriter::OpenPair open = record.BeginAttribute(Text(pair[0]));
    WriteValue(pair[1], &record.value());
    record.EndAttribute(open);
  }
  return encoded;
}

ScopedTimeZone::ScopedTimeZone(const std::string& name) {
  setenv("TZ", name.c_str(), 1);
  tzset();
}

ScopedTimeZone::~ScopedTimeZone() {
  unsetenv("TZ");
  tzset();
}

}  // namespace logboom
