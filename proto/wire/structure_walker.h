#ifndef LOGBOOM_PROTO_WIRE_STRUCTURE_WALKER_H_
#define LOGBOOM_PROTO_WIRE_STRUCTURE_WALKER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {

// What the summary of a batch wants to know of one record.
struct RecordFacts {
  uint64_t time_unix_nano = 0;
  int32_t severity_number = 0;
};

// Whether the current field is this one of the schema: number and wire type.
inline bool IsBytes(const TagIterator& tag, uint32_t field) {
  return tag.field() == field && tag.type() == WireType::kBytes;
}
inline bool IsVarint(const TagIterator& tag, uint32_t field) {
  return tag.field() == field && tag.type() == WireType::kVarint;
}

// Takes note of the current field of a record, if it is one of them.
inline void TakeFact(const TagIterator& tag, RecordFacts* facts) {
  if (IsVarint(tag, 2)) {
    facts->severity_number = static_cast<int32_t>(tag.varint());
  } else if (tag.field() == 1 && tag.type() == WireType::kFixed64) {
    facts->time_unix_nano = tag.fixed64();
  }
}

// Walks records and what they hold down to their leaves: the common part of the
// checks in structure_check.h. Each function is false at the first malformed
// field, which ErrorIn() then describes. `depth` is the number of values around
// the message. Not thread-safe.
class StructureWalker {
 public:
  // Bytes are counted from the start of `whole`, of which everything given is a
  // part.
  explicit StructureWalker(absl::string_view whole) : whole_(whole) {}

  bool Record(absl::string_view record, RecordFacts* facts);
  // The KeyValues under one field number of a record, a resource or a map.
  bool Pairs(absl::string_view message, uint32_t field, int depth);
  // Whether the walk of `message` reached its end.
  bool Ended(const TagIterator& tag, absl::string_view message);

  // INVALID_ARGUMENT: "WHERE, byte 7: what is wrong".
  absl::Status ErrorIn(absl::string_view where) const;

 private:
  bool Pair(absl::string_view pair, int depth);
  bool Value(absl::string_view value, int depth);
  bool Array(absl::string_view array, int depth);
  bool Fail(const char* what, const char* at);

  const absl::string_view whole_;
  const char* what_ = nullptr;
  size_t byte_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_STRUCTURE_WALKER_H_
