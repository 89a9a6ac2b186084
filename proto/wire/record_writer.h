#ifndef LOGBOOM_PROTO_WIRE_RECORD_WRITER_H_
#define LOGBOOM_PROTO_WIRE_RECORD_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// Appends encoded messages to a string the caller owns and may reuse, so that a
// warm buffer takes a record without allocating. Nested messages are written
// forwards; a scope's length is put in when it closes. Not thread-safe.

// An open length-delimited field. Close with MessageWriter::End, innermost
// first.
struct OpenField {
  size_t body_begin;  // where its body starts in the buffer
};

class MessageWriter {
 public:
  explicit MessageWriter(std::string* out) : out_(*out) {}

  void Varint(uint32_t field, uint64_t value);
  void Sint32(uint32_t field, int32_t value);  // zigzag
  void Fixed32(uint32_t field, uint32_t value);
  void Fixed64(uint32_t field, uint64_t value);
  void Double(uint32_t field, double value);
  void Bytes(uint32_t field, absl::string_view value);

  OpenField Begin(uint32_t field);
  void End(OpenField open);

  std::string& out() { return out_; }

 private:
  std::string& out_;
};

// Writes one AnyValue's content (not the field around it):
//
//   OpenField v = message.Begin(5);
//   ValueWriter(&message).Int(7);
//   message.End(v);
class ValueWriter {
 public:
  explicit ValueWriter(MessageWriter* message) : message_(*message) {}

  void None() {}
  void String(absl::string_view value);
  void Bool(bool value);
  void Int(int64_t value);
  void Double(double value);
  void Bytes(absl::string_view value);

  // An array: BeginArray, then for each element BeginElement, a value,
  // message().End(element); at last EndContainer. A map likewise, with
  // BeginPair(key) and EndPair.
  OpenField BeginArray();
  OpenField BeginElement();
  OpenField BeginMap();
  struct OpenPair {
    OpenField pair;
    OpenField value;
  };
  OpenPair BeginPair(absl::string_view key);
  // A KeyValue under another field number than a map's 1.
  OpenPair BeginPairField(uint32_t field, absl::string_view key);
  void EndPair(OpenPair open);
  void EndContainer(OpenField container);

  MessageWriter& message() { return message_; }

 private:
  MessageWriter& message_;
};

// Writes the fields of one LogRecord in any order, each but attributes at most
// once, into `out`; the record is complete at any moment. As proto3 has it, a
// zero or an empty text is not written, being what an absent field reads as;
// a levelno of 0 is, and so is every value of the body or an attribute. As an
// element of a batch:
//
//   MessageWriter batch(&payload);
//   OpenField record = batch.Begin(kBatchRecordsField);
//   RecordWriter(&payload).Logger("shop.cart");
//   batch.End(record);
class RecordWriter {
 public:
  explicit RecordWriter(std::string* out) : message_(out), value_(&message_) {}

  void Time(uint64_t unix_nano);
  void SeverityNumber(int32_t number);
  void SeverityText(absl::string_view text);
  void BodyText(absl::string_view text);
  void Levelno(int32_t levelno);
  void Logger(absl::string_view name);
  void DroppedAttributesCount(uint32_t count);
  void Flags(uint32_t flags);
  void TraceId(absl::string_view bytes);
  void SpanId(absl::string_view bytes);
  void ObservedTime(uint64_t unix_nano);
  void EventName(absl::string_view name);

  void Attribute(absl::string_view key, absl::string_view value);
  void AttributeInt(absl::string_view key, int64_t value);
  void AttributeBool(absl::string_view key, bool value);
  void AttributeDouble(absl::string_view key, double value);

  // Any other value of the body or an attribute: write it with value() between
  // the two calls.
  OpenField BeginBody();
  void EndBody(OpenField body) { message_.End(body); }
  ValueWriter::OpenPair BeginAttribute(absl::string_view key);
  void EndAttribute(ValueWriter::OpenPair open) { value_.EndPair(open); }
  ValueWriter& value() { return value_; }

 private:
  MessageWriter message_;
  ValueWriter value_;
};

inline constexpr uint32_t kBatchRecordsField = 1;
inline constexpr uint32_t kBatchSequenceField = 2;
inline constexpr uint32_t kBatchLostField = 3;

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_RECORD_WRITER_H_
