#ifndef LOGBOOM_PROTO_WIRE_TAG_ITERATOR_H_
#define LOGBOOM_PROTO_WIRE_TAG_ITERATOR_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Protocol Buffers wire types (encoding.md, "Message Structure"). The group
// types 3 and 4 are deprecated; this service treats them as malformed.
enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kFixed32 = 5,
};

// The one bounds-checked walker of encoded protobuf bytes. Copies nothing:
// bytes() points into the buffer given at construction, which must outlive it.
//
//   TagIterator tag(message);
//   while (tag.Next()) {
//     if (tag.field() == 15 && tag.type() == WireType::kBytes) use(tag.bytes());
//   }
//   if (!tag.ok()) return tag.status();
//
// A field whose type differs from the schema's is an unknown field: skip it.
// Not thread-safe; copyable.
class TagIterator {
 public:
  explicit TagIterator(absl::string_view message);

  // Steps to the next field. False at the end, or for good at the first
  // malformed byte: then ok() is false.
  bool Next();

  bool ok() const { return error_ == nullptr; }
  // INVALID_ARGUMENT with what is wrong and at which byte; OK when ok().
  absl::Status status() const;

  // Of the current field, valid after Next() returned true.
  uint32_t field() const { return field_; }
  WireType type() const { return type_; }
  uint64_t varint() const { return number_; }     // kVarint
  uint64_t fixed64() const { return number_; }    // kFixed64
  uint32_t fixed32() const { return static_cast<uint32_t>(number_); }
  absl::string_view bytes() const { return bytes_; }  // kBytes

  // Where the current field's tag starts, and where the field ends: offsets
  // into the message.
  size_t begin() const { return begin_; }
  size_t end() const { return position_; }

 private:
  bool Fail(const char* what);
  bool ReadVarint(uint64_t* value);

  absl::string_view message_;
  size_t position_ = 0;
  size_t begin_ = 0;
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  uint64_t number_ = 0;
  absl::string_view bytes_;
  const char* error_ = nullptr;
};

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_TAG_ITERATOR_H_
