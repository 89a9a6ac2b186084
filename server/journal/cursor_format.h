#ifndef LOGBOOM_SERVER_JOURNAL_CURSOR_FORMAT_H_
#define LOGBOOM_SERVER_JOURNAL_CURSOR_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/cursor.h"

namespace logboom {

// The bytes of a cursor file, as proto/FORMAT.md § 4 and § 4.1 have them. Pure
// functions, thread-safe; no I/O.

inline constexpr int kCursorSlots = 2;
inline constexpr size_t kCursorSlotBytes = 4096;
inline constexpr int64_t kCursorMarkAt = kCursorSlots * kCursorSlotBytes;
// Of a mark, up to its ledgers.
inline constexpr size_t kCursorMarkHeadBytes = 120;
// Of a boot id; what is longer is cut.
inline constexpr size_t kBootIdBytes = 36;

struct CursorSlot {
  uint64_t generation = 0;  // from 1
  JournalId journal_id{};
  CursorPosition position;
};

std::string EncodeCursorSlot(const CursorSlot& slot);

// Errors: DATA_LOSS, not a whole slot, with what is wrong.
absl::StatusOr<CursorSlot> DecodeCursorSlot(absl::string_view bytes);

struct EncodedCursorMark {
  uint64_t generation = 0;  // of the last slot written before it
  std::string boot_id;      // empty: not known
  CursorMark mark;
};

// Both positions have the same output but for its size.
std::string EncodeCursorMark(uint64_t generation, absl::string_view boot_id,
                             const CursorMark& mark);

// All bytes of the mark whose first kCursorMarkHeadBytes these are; nullopt:
// not a mark.
std::optional<int64_t> CursorMarkBytes(absl::string_view head);

// nullopt: not a whole mark.
std::optional<EncodedCursorMark> DecodeCursorMark(absl::string_view bytes);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_CURSOR_FORMAT_H_
