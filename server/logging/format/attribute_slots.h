#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_ATTRIBUTE_SLOTS_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_ATTRIBUTE_SLOTS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/wire/record_view.h"

namespace logboom {

// The attributes that somebody wants of each record, found in one walk over
// all that it has: a key is compared only with wanted ones of its length, and
// nothing is cleared between records. Not thread-safe.
class AttributeSlots {
 public:
  AttributeSlots() { first_of_size_.fill(kNone); }

  // The slot of this key: one more, or the one that it has.
  int Add(absl::string_view key) {
    for (int slot = First(key.size()); slot != kNone;
         slot = slots_[slot].next) {
      if (slots_[slot].key == key) return slot;
    }
    int& first = first_of_size_[Row(key.size())];
    slots_.push_back({.key = std::string(key), .next = first});
    return first = static_cast<int>(slots_.size()) - 1;
  }

  // Empties all slots.
  void BeginRecord() { ++record_; }

  // One attribute of the record; `value`, an encoded AnyValue, must live until
  // the last Get(). The last one of a key counts.
  void Take(absl::string_view key, absl::string_view value) {
    for (int slot = First(key.size()); slot != kNone;
         slot = slots_[slot].next) {
      if (slots_[slot].key != key) continue;
      slots_[slot].record = record_;
      slots_[slot].value = value;
      return;
    }
  }

  // The value of the record's attribute; nullopt when it has none.
  std::optional<AnyValueView> Get(int slot) const {
    if (slots_[slot].record != record_) return std::nullopt;
    return AnyValueView(slots_[slot].value);
  }

 private:
  static constexpr int kNone = -1;
  static constexpr size_t kSizes = 64;  // longer keys share the last row

  struct Slot {
    std::string key;
    int next = kNone;     // in the row
    uint64_t record = 0;  // which one `value` is of
    absl::string_view value;
  };

  static size_t Row(size_t size) { return std::min(size, kSizes - 1); }
  int First(size_t size) const { return first_of_size_[Row(size)]; }

  std::vector<Slot> slots_;
  std::array<int, kSizes> first_of_size_;
  uint64_t record_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_ATTRIBUTE_SLOTS_H_
