#ifndef LOGBOOM_TESTS_PROTO_WIRE_EXPORT_BYTES_H_
#define LOGBOOM_TESTS_PROTO_WIRE_EXPORT_BYTES_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"

namespace logboom::testing {

// The messages around OTLP's records, put together field by field, so that a
// test can have them in any order, twice or damaged.

inline std::string BytesField(uint32_t field, absl::string_view bytes) {
  std::string out;
  MessageWriter(&out).Bytes(field, bytes);
  return out;
}

// One behind the other.
inline std::string Joined(std::initializer_list<std::string> fields) {
  std::string out;
  for (const std::string& field : fields) out += field;
  return out;
}

inline std::string ResourceLogs(std::initializer_list<std::string> fields) {
  return BytesField(1, Joined(fields));
}
inline std::string ScopeLogs(std::initializer_list<std::string> fields) {
  return BytesField(2, Joined(fields));
}

// With one attribute, or a name.
inline std::string ResourceOf(absl::string_view key) {
  return BytesField(1, BytesField(1, BytesField(1, key)));
}
inline std::string ScopeOf(absl::string_view name) {
  return BytesField(1, BytesField(1, name));
}

// A LogRecord whose body is this text; its field in a ScopeLogs.
inline std::string TextRecord(absl::string_view text) {
  std::string record;
  RecordWriter(&record).BodyText(text);
  return record;
}
inline std::string RecordField(absl::string_view text) {
  return BytesField(2, TextRecord(text));
}

// The field of a record whose body's length passes its end.
inline std::string BrokenRecordField() { return BytesField(2, "\x2a\x7f"); }

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_PROTO_WIRE_EXPORT_BYTES_H_
