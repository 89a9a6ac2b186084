#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_ATTRIBUTE_SLOTS_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_ATTRIBUTE_SLOTS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/wire/record_view.h"

namespace logboom {

// The attributes that somebody wants of each record, found in one walk over
// all that it has: most are passed over by their key's length and last
// character alone, and nothing is cleared between records. Not thread-safe.
class AttributeSlots {
 public:
  AttributeSlots() { first_in_row_.fill(kNone); }

  // The slot of this key: one more, or the one that it has.
  int Add(absl::string_view key) {
    if (const int known = Find(key); known != kNone) return known;
    int& first = first_in_row_[RowOf(key)];
    slots_.push_back({.key = std::string(key), .next = first});
    first = static_cast<int>(slots_.size()) - 1;
    return first;
  }

  // Empties all slots.
  void BeginRecord() {
    ++record_;
    all_empty_ = true;
  }

  // One attribute of the record; `value`, an encoded AnyValue, must live until
  // the last Get(). The last one of a key counts.
  void Take(absl::string_view key, absl::string_view value) {
    const int slot = Find(key);
    if (slot == kNone) return;
    slots_[slot].record = record_;
    slots_[slot].value = value;
    all_empty_ = false;
  }

  // Whether the record has none of the attributes.
  bool all_empty() const { return all_empty_; }

  // The value of the record's attribute; nullopt when it has none.
  std::optional<AnyValueView> Get(int slot) const {
    if (slots_[slot].record != record_) return std::nullopt;
    return AnyValueView(slots_[slot].value);
  }

 private:
  static constexpr int kNone = -1;
  static constexpr size_t kRows = 64;

  struct Slot {
    std::string key;
    int next = kNone;     // in the row
    uint64_t record = 0;  // which one `value` is of
    absl::string_view value;
  };

  static size_t RowOf(absl::string_view key) {
    const size_t last = key.empty() ? 0 : static_cast<uint8_t>(key.back());
    return (key.size() ^ last << 1) % kRows;
  }

  int Find(absl::string_view key) const {
    int slot = first_in_row_[RowOf(key)];
    while (slot != kNone && slots_[slot].key != key) slot = slots_[slot].next;
    return slot;
  }

  std::vector<Slot> slots_;
  std::array<int, kRows> first_in_row_;
  uint64_t record_ = 0;
  bool all_empty_ = true;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_ATTRIBUTE_SLOTS_H_
