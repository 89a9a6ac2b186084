#include "tests/server/ingest/pickle/record_json.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/ingest/pickle/python_record_writer.h"
#include "server/ingest/pickle/python_value_writer.h"

namespace logboom {
namespace {

using nlohmann::json;
using Kind = AnyValueView::Kind;

json TextJson(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isascii(c)) return {"sx", absl::BytesToHexString(text)};
  }
  return {"s", std::string(text)};
}

json DoubleJson(double value) {
  if (std::isnan(value)) return {"d", "nan"};
  return {"d", absl::StrCat(absl::Hex(std::bit_cast<uint64_t>(value),
                                      absl::kZeroPad16))};
}

json ArrayJson(ArrayView array) {
  json elements = json::array();
  while (array.Next()) elements.push_back(ValueJson(array.value()));
  return {"a", elements};
}

json MapJson(MapView map) {
  json pairs = json::array();
  while (map.Next()) {
    pairs.push_back(
        json::array({std::string(map.key()), ValueJson(map.value())}));
  }
  return {"m", pairs};
}

using Dict = std::map<std::string, json>;

void RebuildFields(const RecordView& record, Dict* dict) {
  if (!record.logger.empty()) (*dict)["name"] = TextJson(record.logger);
  if (record.body) (*dict)["msg"] = ValueJson(*record.body);
  if (record.levelno) {
    (*dict)["levelno"] = {"i", absl::StrCat(*record.levelno)};
  }
  if (!record.severity_text.empty()) {
    (*dict)["levelname"] = TextJson(record.severity_text);
  }
  if (record.time_unix_nano != 0) {
    (*dict)["created"] = DoubleJson(CreatedFromTime(record.time_unix_nano));
  }
}

// The keys that are None unless the record says otherwise.
void RebuildNones(const RecordView& record, Dict* dict) {
  for (const char* key : {"args", "exc_info", "exc_text", "stack_info"}) {
    (*dict)[key] = nullptr;
  }
  const std::optional<AnyValueView> absent =
      record.attributes().Find("python.absent");
  if (!absent) return;
  ArrayView keys = absent->array();
  while (keys.Next()) dict->erase(std::string(keys.value().string_value()));
}

void RebuildAttribute(absl::string_view name, const AnyValueView& value,
                      Dict* dict) {
  static const auto& kKeys = *new std::map<absl::string_view, const char*>{
      {"code.file.path", "pathname"},      {"code.line.number", "lineno"},
      {"code.function.name", "funcName"},  {"thread.id", "thread"},
      {"thread.name", "threadName"},       {"process.pid", "process"},
      {"exception.stacktrace", "exc_text"}};
  if (name == "python.absent" || name == "python.pairs" ||
      name == "python.class") {
    return;
  }
  if (!absl::ConsumePrefix(&name, "python.extra.") &&
      !absl::ConsumePrefix(&name, "python.")) {
    const auto mapped = kKeys.find(name);
    if (mapped != kKeys.end()) name = mapped->second;
  }
  (*dict)[std::string(name)] = ValueJson(value);
}

}  // namespace

json ValueJson(const AnyValueView& value) {
  switch (value.kind()) {
    case Kind::kNone:
      return nullptr;
    case Kind::kString:
      return TextJson(value.string_value());
    case Kind::kBool:
      return {"b", value.bool_value()};
    case Kind::kInt:
      return {"i", absl::StrCat(value.int_value())};
    case Kind::kDouble:
      return DoubleJson(value.double_value());
    case Kind::kArray:
      return ArrayJson(value.array());
    case Kind::kMap:
      return MapJson(value.map());
    case Kind::kBytes:
      return {"y", absl::BytesToHexString(value.bytes_value())};
  }
  return "not a kind";
}

json RecordJson(const RecordView& record) {
  json result = json::object();
  if (record.time_unix_nano != 0) {
    result["time"] = absl::StrCat(record.time_unix_nano);
  }
  if (record.severity_number != 0) {
    result["severity_number"] = record.severity_number;
  }
  if (!record.severity_text.empty()) {
    result["severity_text"] = TextJson(record.severity_text);
  }
  if (record.body) result["body"] = ValueJson(*record.body);
  if (record.levelno) result["levelno"] = *record.levelno;
  if (!record.logger.empty()) result["logger"] = TextJson(record.logger);
  json attributes = json::object();
  MapView walk = record.attributes();
  while (walk.Next()) {
    attributes[std::string(walk.key())] = ValueJson(walk.value());
  }
  result["attributes"] = attributes;
  return result;
}

json ValueJson(const PythonValue& value) {
  std::string encoded;
  MessageWriter message(&encoded);
  ValueWriter out(&message);
  PythonValueWriter writer(PythonValueLimits{});
  writer.Start(&out);
  if (!writer.Write(value)) return writer.status().ToString();
  return ValueJson(AnyValueView(encoded));
}

Dict RebuildDict(const RecordView& record) {
  Dict dict;
  RebuildFields(record, &dict);
  RebuildNones(record, &dict);
  MapView plain = record.attributes();
  while (plain.Next()) RebuildAttribute(plain.key(), plain.value(), &dict);
  // What is kept under python.KEY is the value itself.
  MapView originals = record.attributes();
  while (originals.Next()) {
    if (absl::StartsWith(originals.key(), "python.")) {
      RebuildAttribute(originals.key(), originals.value(), &dict);
    }
  }
  return dict;
}

}  // namespace logboom
