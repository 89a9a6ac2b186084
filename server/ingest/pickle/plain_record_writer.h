#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PLAIN_RECORD_WRITER_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PLAIN_RECORD_WRITER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {

// Writes what RecordWriter does, byte for byte, for the fields of a usual
// record and attributes of plain values, but into memory that the caller knows
// to be large enough. No field costs a call, a check or a growing string
// (piece_bench: Unpickle 444 -> 300 ns).
class PlainRecordWriter {
 public:
  // The most that a field or an attribute takes beside its key and its text,
  // which are of less than 4 GiB.
  static constexpr size_t kMaxFieldBytes = 32;

  explicit PlainRecordWriter(char* to) : begin_(to), at_(to) {}

  void Time(uint64_t unix_nano) {
    if (unix_nano != 0) at_ = Fixed64Field(1, unix_nano, at_);
  }
  void SeverityNumber(int32_t number) {
    if (number == 0) return;
    at_ = VarintField(2, static_cast<uint64_t>(int64_t{number}), at_);
  }
  void SeverityText(absl::string_view text) {
    if (!text.empty()) at_ = TextField(3, text, at_);
  }
  void Levelno(int32_t levelno) {
    const uint32_t sign = levelno < 0 ? UINT32_MAX : 0;
    at_ = VarintField(14, (static_cast<uint32_t>(levelno) << 1) ^ sign, at_);
  }
  void Logger(absl::string_view name) {
    if (!name.empty()) at_ = TextField(15, name, at_);
  }
  void BodyText(absl::string_view text) {
    at_ = TextField(1, text, Head(5, TextFieldBytes(text), at_));
  }

  void Attribute(absl::string_view key, absl::string_view value) {
    char* const at = AttributeHead(key, TextFieldBytes(value), at_);
    at_ = TextField(1, value, at);
  }
  void AttributeInt(absl::string_view key, int64_t value) {
    const auto bits = static_cast<uint64_t>(value);
    char* const at = AttributeHead(key, 1 + VarintBytes(bits), at_);
    at_ = VarintField(3, bits, at);
  }
  void AttributeBool(absl::string_view key, bool value) {
    at_ = VarintField(2, value ? 1 : 0, AttributeHead(key, 2, at_));
  }
  void AttributeDouble(absl::string_view key, double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    at_ = Fixed64Field(4, bits, AttributeHead(key, 9, at_));
  }
  void AttributeNone(absl::string_view key) {
    at_ = AttributeHead(key, 0, at_);
  }

  absl::string_view record() const {
    return absl::string_view(begin_, static_cast<size_t>(at_ - begin_));
  }

 private:
  // Each takes and gives the place to write at: kept in a register, since a
  // byte written could be one of at_.
  static char* Varint(uint64_t value, char* at) {
    while (value >= 0x80) {
      *at++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *at++ = static_cast<char>(value);
    return at;
  }
  // Field numbers here are below 16: a tag is one byte.
  static char* Tag(uint32_t field, WireType type, char* at) {
    *at = static_cast<char>(field << 3 | static_cast<uint32_t>(type));
    return at + 1;
  }
  static char* VarintField(uint32_t field, uint64_t value, char* at) {
    return Varint(value, Tag(field, WireType::kVarint, at));
  }
  static char* Fixed64Field(uint32_t field, uint64_t value, char* at) {
    at = Tag(field, WireType::kFixed64, at);
    std::memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
  }
  // The tag and length of a field whose body follows.
  static char* Head(uint32_t field, size_t body_bytes, char* at) {
    return Varint(body_bytes, Tag(field, WireType::kBytes, at));
  }
  static char* TextField(uint32_t field, absl::string_view text, char* at) {
    at = Head(field, text.size(), at);
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
  }
  // An attribute up to its value's content.
  static char* AttributeHead(absl::string_view key, size_t value_bytes,
                             char* at) {
    const size_t key_bytes = key.empty() ? 0 : TextFieldBytes(key);
    at = Head(6, key_bytes + 1 + VarintBytes(value_bytes) + value_bytes, at);
    if (!key.empty()) at = TextField(1, key, at);
    return Head(2, value_bytes, at);
  }

  static size_t VarintBytes(uint64_t value) {
    if (value < 0x80) return 1;
    return (static_cast<size_t>(std::bit_width(value)) + 6) / 7;
  }
  static size_t TextFieldBytes(absl::string_view text) {
    return 1 + VarintBytes(text.size()) + text.size();
  }

  char* const begin_;
  char* at_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PLAIN_RECORD_WRITER_H_
