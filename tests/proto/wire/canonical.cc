#include "tests/proto/wire/canonical.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_check.h"

namespace logboom::testing {
namespace {

// An absent value and an empty one both read as None.
void GivePairsValues(v1::AnyValue* value) {
  if (value->has_array_value()) {
    for (v1::AnyValue& element :
         *value->mutable_array_value()->mutable_values())
      GivePairsValues(&element);
  }
  if (value->has_kvlist_value()) {
    for (v1::KeyValue& pair : *value->mutable_kvlist_value()->mutable_values())
      GivePairsValues(pair.mutable_value());
  }
}

class Rewriter {
 public:
  explicit Rewriter(ValueWriter* out) : out_(*out) {}

  void Value(const AnyValueView& value, int depth) {
    if (depth == kMaxValueDepth) return;
    switch (value.kind()) {
      case AnyValueView::Kind::kNone:
        return out_.None();
      case AnyValueView::Kind::kString:
        return out_.String(value.string_value());
      case AnyValueView::Kind::kBool:
        return out_.Bool(value.bool_value());
      case AnyValueView::Kind::kInt:
        return out_.Int(value.int_value());
      case AnyValueView::Kind::kDouble:
        return out_.Double(value.double_value());
      case AnyValueView::Kind::kBytes:
        return out_.Bytes(value.bytes_value());
      case AnyValueView::Kind::kArray:
        return Array(value.array(), depth + 1);
      case AnyValueView::Kind::kMap:
        return Map(value.map(), depth + 1);
    }
  }

 private:
  void Array(ArrayView array, int depth) {
    const OpenField open = out_.BeginArray();
    while (array.Next()) {
      const OpenField element = out_.BeginElement();
      Value(array.value(), depth);
      out_.message().End(element);
    }
    out_.EndContainer(open);
  }

  void Map(MapView map, int depth) {
    const OpenField open = out_.BeginMap();
    while (map.Next()) {
      const ValueWriter::OpenPair pair = out_.BeginPair(map.key());
      Value(map.value(), depth);
      out_.EndPair(pair);
    }
    out_.EndContainer(open);
  }

  ValueWriter& out_;
};

void RewriteAttributes(const RecordView& record, RecordWriter* out) {
  MapView attributes = record.attributes();
  while (attributes.Next()) {
    const ValueWriter::OpenPair open = out->BeginAttribute(attributes.key());
    Rewriter(&out->value()).Value(attributes.value(), 0);
    out->EndAttribute(open);
  }
}

}  // namespace

std::string Canonical(v1::LogRecord record) {
  record.DiscardUnknownFields();
  if (record.trace_id().size() != 16) record.clear_trace_id();
  if (record.span_id().size() != 8) record.clear_span_id();
  if (record.has_body()) GivePairsValues(record.mutable_body());
  for (v1::KeyValue& pair : *record.mutable_attributes()) {
    GivePairsValues(pair.mutable_value());
  }
  return record.SerializeAsString();
}

std::string Canonical(v1::AnyValue value) {
  value.DiscardUnknownFields();
  GivePairsValues(&value);
  return value.SerializeAsString();
}

std::string Rewrite(const AnyValueView& value) {
  std::string out;
  MessageWriter message(&out);
  ValueWriter writer(&message);
  Rewriter(&writer).Value(value, 0);
  return out;
}

std::string Rewrite(const RecordView& record) {
  std::string out;
  RecordWriter writer(&out);
  writer.Time(record.time_unix_nano);
  writer.SeverityNumber(record.severity_number);
  writer.SeverityText(record.severity_text);
  if (record.body.has_value()) {
    const OpenField open = writer.BeginBody();
    Rewriter(&writer.value()).Value(*record.body, 0);
    writer.EndBody(open);
  }
  RewriteAttributes(record, &writer);
  writer.DroppedAttributesCount(record.dropped_attributes_count);
  writer.Flags(record.flags);
  writer.TraceId(record.trace_id);
  writer.SpanId(record.span_id);
  writer.ObservedTime(record.observed_time_unix_nano);
  writer.EventName(record.event_name);
  if (record.levelno.has_value()) writer.Levelno(*record.levelno);
  writer.Logger(record.logger);
  return out;
}

std::string Reread(absl::string_view encoded) {
  const absl::StatusOr<RecordView> record = RecordView::Parse(encoded);
  if (!record.ok()) {
    return absl::StrCat("ERROR: ", record.status().ToString());
  }
  return Rewrite(*record);
}

}  // namespace logboom::testing
