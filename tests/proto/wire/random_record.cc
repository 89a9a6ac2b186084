#include "tests/proto/wire/random_record.h"

#include <google/protobuf/unknown_field_set.h>

#include <bit>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "proto/wire/tag_iterator.h"

namespace logboom::testing {

uint64_t RandomRecords::Number() {
  switch (Below(6)) {
    case 0:
      return 0;
    case 1:
      return std::numeric_limits<uint64_t>::max();
    case 2:
      return uint64_t{1} << 63;
    case 3:
      return Below(256);
    default:
      return random_() >> Below(64);
  }
}

double RandomRecords::Real() {
  const double kEdges[] = {0.0,
                           -0.0,
                           129.9,
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::denorm_min()};
  return OneIn(4) ? std::bit_cast<double>(random_())
                  : kEdges[Below(std::size(kEdges))];
}

std::string RandomRecords::Text() {
  const char* const kParts[] = {"",
                                "a",
                                "order_id",
                                "\n",
                                "\xC3\xA9",
                                "\xF0\x9F\x92\xA5",
                                "code.file.path"};
  std::string text;
  for (uint64_t parts = Below(5); parts > 0; --parts) {
    text += kParts[Below(std::size(kParts))];
  }
  // Long enough now and then for lengths of two and three bytes.
  if (OneIn(12)) text.append(120 + Below(20), 'x');
  if (OneIn(200)) text.append(16380 + Below(10), 'y');
  return text;
}

std::string RandomRecords::Bytes(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(Below(256));
  return bytes;
}

void RandomRecords::AddUnknownFields(google::protobuf::Message* message) {
  if (!OneIn(8)) return;
  google::protobuf::UnknownFieldSet* unknown =
      message->GetReflection()->MutableUnknownFields(message);
  // 16 and up are free in all the messages; the last is the greatest there is.
  unknown->AddVarint(17, Number());
  if (OneIn(2)) unknown->AddFixed32(2047, static_cast<uint32_t>(Number()));
  if (OneIn(2)) unknown->AddFixed64(2048, Number());
  if (OneIn(2)) *unknown->AddLengthDelimited((1 << 29) - 1) = Bytes(Below(9));
  // A known number with another wire type is an unknown field too.
  if (OneIn(2)) unknown->AddFixed32(1 + static_cast<int>(Below(6)), 7);
}

v1::KeyValue RandomRecords::Pair(int depth) {
  v1::KeyValue pair;
  pair.set_key(Text());
  if (!OneIn(8)) *pair.mutable_value() = Value(depth);
  AddUnknownFields(&pair);
  return pair;
}

v1::AnyValue RandomRecords::Value(int depth) {
  v1::AnyValue value;
  switch (Below(depth > 1 ? 8 : 6)) {
    case 0:
      break;  // None
    case 1:
      value.set_string_value(Text());
      break;
    case 2:
      value.set_bool_value(OneIn(2));
      break;
    case 3:
      value.set_int_value(static_cast<int64_t>(Number()));
      break;
    case 4:
      value.set_double_value(Real());
      break;
    case 5:
      value.set_bytes_value(Bytes(Below(20)));
      break;
    case 6:
      value.mutable_array_value();
      for (uint64_t n = Below(4); n > 0; --n)
        *value.mutable_array_value()->add_values() = Value(depth - 1);
      AddUnknownFields(value.mutable_array_value());
      break;
    case 7:
      value.mutable_kvlist_value();
      for (uint64_t n = Below(4); n > 0; --n)
        *value.mutable_kvlist_value()->add_values() = Pair(depth - 1);
      AddUnknownFields(value.mutable_kvlist_value());
      break;
  }
  AddUnknownFields(&value);
  return value;
}

void RandomRecords::AddNumbers(v1::LogRecord* record) {
  if (!OneIn(4)) record->set_time_unix_nano(Number());
  if (!OneIn(4)) {
    record->set_severity_number(static_cast<v1::SeverityNumber>(
        OneIn(8) ? static_cast<int32_t>(Number()) : Below(25)));
  }
  if (OneIn(3))
    record->set_dropped_attributes_count(static_cast<uint32_t>(Number()));
  if (OneIn(3)) record->set_flags(static_cast<uint32_t>(Number()));
  if (OneIn(3)) record->set_observed_time_unix_nano(Number());
  if (OneIn(2)) record->set_levelno(static_cast<int32_t>(Number()));
}

void RandomRecords::AddTexts(v1::LogRecord* record) {
  if (OneIn(2)) record->set_severity_text(Text());
  if (OneIn(3)) record->set_trace_id(Bytes(OneIn(4) ? Below(20) : 16));
  if (OneIn(3)) record->set_span_id(Bytes(OneIn(4) ? Below(20) : 8));
  if (OneIn(4)) record->set_event_name(Text());
  if (!OneIn(4)) record->set_logger(Text());
}

v1::LogRecord RandomRecords::Record() {
  v1::LogRecord record;
  AddNumbers(&record);
  AddTexts(&record);
  if (!OneIn(4)) *record.mutable_body() = Value();
  for (uint64_t n = Below(6); n > 0; --n) *record.add_attributes() = Pair(4);
  AddUnknownFields(&record);
  return record;
}

v1::LogBatch RandomRecords::Batch() {
  v1::LogBatch batch;
  for (uint64_t n = 1 + Below(4); n > 0; --n) *batch.add_records() = Record();
  if (!OneIn(4)) batch.set_sequence(Number());
  for (uint64_t n = Below(3); n > 0; --n) {
    v1::Lost* lost = batch.add_lost();
    lost->set_reason(Text());
    lost->set_count(Number());
  }
  AddUnknownFields(&batch);
  return batch;
}

std::string RandomRecords::Shuffled(const v1::LogRecord& record) {
  const std::string encoded = record.SerializeAsString();
  std::vector<std::string> fields;
  TagIterator tag(encoded);
  while (tag.Next()) {
    fields.push_back(encoded.substr(tag.begin(), tag.end() - tag.begin()));
    // Protobuf merges a second body, RecordView replaces the first.
    if (tag.field() != 5 && OneIn(6)) fields.push_back(fields.back());
  }
  std::string shuffled;
  while (!fields.empty()) {
    std::swap(fields[Below(fields.size())], fields.back());
    shuffled += fields.back();
    fields.pop_back();
  }
  return shuffled;
}

std::string RandomRecords::Damaged(std::string bytes) {
  for (uint64_t n = 1 + Below(3); n > 0 && !bytes.empty(); --n) {
    const size_t at = Below(bytes.size());
    const char byte = static_cast<char>(Below(256));
    switch (Below(8)) {
      case 0:
        bytes.insert(at, 1, byte);
        break;
      case 1:
        bytes.erase(at, 1);
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
        break;
      default:
        bytes[at] = byte;
    }
  }
  return bytes;
}

}  // namespace logboom::testing
