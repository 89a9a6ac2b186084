#ifndef LOGBOOM_PROTO_WIRE_TAG_ITERATOR_H_
#define LOGBOOM_PROTO_WIRE_TAG_ITERATOR_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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
//     if (tag.field() == 15 && tag.type() == WireType::kBytes)
//     use(tag.bytes());
//   }
//   if (!tag.ok()) return tag.status();
//
// A field whose type differs from the schema's is an unknown field: skip it.
// Not thread-safe; copyable.
class TagIterator {
 public:
  explicit TagIterator(absl::string_view message) : message_(message) {}

  // Steps to the next field. False at the end, or for good at the first
  // malformed byte: then ok() is false.
  bool Next();
  // The same to the next field of this number that is kBytes.
  bool NextBytes(uint32_t field);

  bool ok() const { return error_ == nullptr; }
  // INVALID_ARGUMENT with what is wrong and the byte where the malformed field
  // starts (begin()); OK when ok().
  absl::Status status() const;
  // What is wrong, a literal; nullptr when ok(). For callers that know better
  // than status() where this message lies.
  const char* error() const { return error_; }

  // Of the current field, valid after Next() returned true.
  uint32_t field() const { return field_; }
  WireType type() const { return type_; }
  uint64_t varint() const { return number_; }   // kVarint
  uint64_t fixed64() const { return number_; }  // kFixed64
  uint32_t fixed32() const { return static_cast<uint32_t>(number_); }
  absl::string_view bytes() const { return bytes_; }  // kBytes

  // Where the current field's tag starts, and where the field ends: offsets
  // into the message.
  size_t begin() const { return begin_; }
  size_t end() const { return position_; }

 private:
  // One-byte tags and varints, nearly all there are, are read inline.
  bool ReadVarint();
  bool ReadBytes();
  bool ReadFixed(size_t size);

  bool ReadLongTag(uint32_t* tag);
  bool ReadLongVarint();
  bool Fail(const char* what);

  absl::string_view message_;
  size_t position_ = 0;
  size_t begin_ = 0;
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  uint64_t number_ = 0;
  absl::string_view bytes_;
  const char* error_ = nullptr;
};

inline bool TagIterator::Next() {
  if (position_ == message_.size()) return false;
  begin_ = position_;
  uint32_t tag = static_cast<uint8_t>(message_[position_]);
  if (tag < 0x80) {
    ++position_;
  } else if (!ReadLongTag(&tag)) {
    return false;
  }
  field_ = tag >> 3;
  type_ = static_cast<WireType>(tag & 7);
  if (field_ == 0) return Fail("field number 0");
  switch (type_) {
    case WireType::kVarint:
      return ReadVarint();
    case WireType::kFixed64:
      return ReadFixed(8);
    case WireType::kBytes:
      return ReadBytes();
    case WireType::kFixed32:
      return ReadFixed(4);
  }
  return Fail("a group or an unknown wire type");
}

inline bool TagIterator::NextBytes(uint32_t field) {
  while (Next()) {
    if (field_ == field && type_ == WireType::kBytes) return true;
  }
  return false;
}

inline bool TagIterator::ReadVarint() {
  if (position_ < message_.size()) {
    const uint8_t byte = static_cast<uint8_t>(message_[position_]);
    if (byte < 0x80) {
      number_ = byte;
      ++position_;
      return true;
    }
  }
  return ReadLongVarint();
}

inline bool TagIterator::ReadBytes() {
  const size_t length_begin = position_;
  if (!ReadVarint()) return false;
  // Five bytes at most, as protobuf's own parser has it.
  if (position_ - length_begin > 5) return Fail("a length of over 5 bytes");
  if (number_ > message_.size() - position_) {
    return Fail("a length that passes the end");
  }
  bytes_ = absl::string_view(message_.data() + position_, number_);
  position_ += number_;
  return true;
}

inline bool TagIterator::ReadFixed(size_t size) {
  static_assert(std::endian::native == std::endian::little);
  if (size > message_.size() - position_) return Fail("cut inside a number");
  number_ = 0;
  std::memcpy(&number_, message_.data() + position_, size);
  position_ += size;
  return true;
}

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_TAG_ITERATOR_H_
