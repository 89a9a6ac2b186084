#include "proto/wire/tag_iterator.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

constexpr size_t kMaxVarintBytes = 10;
constexpr size_t kMaxTagBytes = 5;

}  // namespace

absl::Status TagIterator::status() const {
  if (ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("field at byte ", begin_, ": ", error_));
}

// Leaves the position at the end, so that Next() needs no second test to stay
// false; begin_ stays with the malformed field.
bool TagIterator::Fail(const char* what) {
  error_ = what;
  position_ = message_.size();
  return false;
}

bool TagIterator::ReadLongTag(uint32_t* tag) {
  if (!ReadLongVarint()) return false;
  if (position_ - begin_ > kMaxTagBytes || number_ > UINT32_MAX) {
    return Fail("a field number over 2^29-1");
  }
  *tag = static_cast<uint32_t>(number_);
  return true;
}

// As protobuf's parser: ten bytes at most, and the bits of the tenth beyond the
// 64th are dropped.
bool TagIterator::ReadLongVarint() {
  const size_t left = message_.size() - position_;
  const size_t limit = std::min(left, kMaxVarintBytes);
  uint64_t value = 0;
  for (size_t i = 0; i < limit; ++i) {
    const uint64_t byte = static_cast<uint8_t>(message_[position_ + i]);
    value |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      number_ = value;
      position_ += i + 1;
      return true;
    }
  }
  return Fail(left < kMaxVarintBytes ? "cut inside a number"
                                     : "a number of over 10 bytes");
}

}  // namespace logboom
