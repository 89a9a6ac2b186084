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
// to be large enough. No field costs a call, a check or a growing string.
class PlainRecordWriter {
 public:
  // The most that a field or an attribute takes beside its key and its text,
  // which are of less than 4 GiB.
  static constexpr size_t kMaxFieldBytes = 32;

  explicit PlainRecordWriter(char* to) : begin_(to), at_(to) {}

  void Time(uint64_t unix_nano) {
    if (unix_nano != 0) Fixed64Field(1, unix_nano);
  }
  void SeverityNumber(int32_t number) {
    if (number != 0) VarintField(2, static_cast<uint64_t>(int64_t{number}));
  }
  void SeverityText(absl::string_view text) {
    if (!text.empty()) TextField(3, text);
  }
  void Levelno(int32_t levelno) {
    const uint32_t sign = levelno < 0 ? UINT32_MAX : 0;
    VarintField(14, (static_cast<uint32_t>(levelno) << 1) ^ sign);
  }
  void Logger(absl::string_view name) {
    if (!name.empty()) TextField(15, name);
  }
  void BodyText(absl::string_view text) {
    Head(5, TextFieldBytes(text));
    TextField(1, text);
  }

  void Attribute(absl::string_view key, absl::string_view value) {
    BeginAttribute(key, TextFieldBytes(value));
    TextField(1, value);
  }
  void AttributeInt(absl::string_view key, int64_t value) {
    const auto bits = static_cast<uint64_t>(value);
    BeginAttribute(key, 1 + VarintBytes(bits));
    VarintField(3, bits);
  }
  void AttributeBool(absl::string_view key, bool value) {
    BeginAttribute(key, 2);
    VarintField(2, value ? 1 : 0);
  }
  void AttributeDouble(absl::string_view key, double value) {
    BeginAttribute(key, 9);
    Fixed64Field(4, std::bit_cast<uint64_t>(value));
  }
  void AttributeNone(absl::string_view key) { BeginAttribute(key, 0); }

  absl::string_view record() const {
    return absl::string_view(begin_, static_cast<size_t>(at_ - begin_));
  }

 private:
  // Field numbers here are below 16: a tag is one byte.
  static size_t VarintBytes(uint64_t value) {
    return (static_cast<size_t>(std::bit_width(value | 1)) + 6) / 7;
  }
  static size_t TextFieldBytes(absl::string_view text) {
    return 1 + VarintBytes(text.size()) + text.size();
  }

  void Tag(uint32_t field, WireType type) {
    *at_++ = static_cast<char>(field << 3 | static_cast<uint32_t>(type));
  }
  void Varint(uint64_t value) {
    while (value >= 0x80) {
      *at_++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *at_++ = static_cast<char>(value);
  }

  void VarintField(uint32_t field, uint64_t value) {
    Tag(field, WireType::kVarint);
    Varint(value);
  }
  void Fixed64Field(uint32_t field, uint64_t value) {
    Tag(field, WireType::kFixed64);
    std::memcpy(at_, &value, sizeof(value));
    at_ += sizeof(value);
  }
  void TextField(uint32_t field, absl::string_view text) {
    Head(field, text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  // The tag and length of a field whose body follows.
  void Head(uint32_t field, size_t body_bytes) {
    Tag(field, WireType::kBytes);
    Varint(body_bytes);
  }
  // An attribute up to its value's content.
  void BeginAttribute(absl::string_view key, size_t value_bytes) {
    const size_t key_bytes = key.empty() ? 0 : TextFieldBytes(key);
    Head(6, key_bytes + 1 + VarintBytes(value_bytes) + value_bytes);
    if (!key.empty()) TextField(1, key);
    Head(2, value_bytes);
  }

  char* const begin_;
  char* at_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PLAIN_RECORD_WRITER_H_
