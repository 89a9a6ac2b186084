#ifndef LOGBOOM_SERVER_JOURNAL_SEGMENT_READER_H_
#define LOGBOOM_SERVER_JOURNAL_SEGMENT_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/file_system.h"

namespace logboom {

// Bytes of a segment that are not an entry although one lies behind them.
struct DamagedExtent {
  int64_t begin = 0;
  int64_t end = 0;
};

// No further entry below the limit: what is left from position() is the tail.
struct EndOfSegment {};

using SegmentItem = std::variant<JournalEntry, DamagedExtent, EndOfSegment>;

// Reads the entries of one segment in their order, about 256 KiB at a time into
// a buffer of its own, and finds its way past damage (proto/FORMAT.md,
// "Reading, and what is damage"). It does not judge offsets: that needs the
// segments around.
//
// Not thread-safe; movable.
class SegmentReader {
 public:
  // Starts at the first entry. The segment's own header is not looked at.
  SegmentReader(std::unique_ptr<File> file, const JournalId& journal_id);

  // The next item. Only bytes below `limit` are looked at, and taken to be
  // final: a rising limit gives what was appended since.
  // An entry points into the buffer: valid until the next call.
  // Errors: those of reading; the call may be repeated.
  absl::StatusOr<SegmentItem> Next(int64_t limit);

  // Passes over entries whose records are all below `offset`, by their headers
  // alone. Stops at anything else. Errors as Next().
  absl::Status SkipBelow(Offset offset, int64_t limit);

  // Goes on at `position`, the first byte of an entry.
  void SkipTo(int64_t position) { position_ = position; }

  // The first byte that has not been returned.
  int64_t position() const { return position_; }

  // Whether all bytes from position() to `limit` are zeros.
  absl::StatusOr<bool> OnlyZerosLeft(int64_t limit);

  // From now on bytes that the disk will not give are taken to be damaged,
  // instead of failing: they read as zeros. For who must get past them.
  void PassOverUnreadable() { pass_over_unreadable_ = true; }
  // How many there were so far; some may have counted twice.
  int64_t unreadable_bytes() const { return unreadable_bytes_; }

  File& file() { return *file_; }

 private:
  // Bytes [position, position + size) of the file, out of the buffer; refilled
  // from `position` on when they are not all in it. Shorter only where the file
  // ends or `limit` is.
  absl::StatusOr<absl::string_view> View(int64_t position, int64_t size,
                                         int64_t limit);
  absl::Status Refill(int64_t position, int64_t size);
  // Reads [position, position + size) into the buffer page by page.
  void ReadWhatThereIs(int64_t position, int64_t size);

  // The header at `position`; nullopt when there is none whose entry ends at or
  // below `limit`.
  absl::StatusOr<std::optional<EntryHeader>> HeaderAt(int64_t position,
                                                      int64_t limit);
  // The first place from `position` on with such a header.
  absl::StatusOr<std::optional<int64_t>> FindHeader(int64_t position,
                                                    int64_t limit);
  // The item where no whole entry is; an intact header would end at
  // `search_from`.
  absl::StatusOr<SegmentItem> PassDamage(int64_t search_from, int64_t limit);

  std::unique_ptr<File> file_;
  JournalId journal_id_;
  int64_t position_ = kFirstEntryByte;
  std::unique_ptr<char[]> buffer_;
  int64_t buffer_bytes_ = 0;   // its size
  int64_t buffer_begin_ = 0;   // its first byte's place in the file
  int64_t buffer_filled_ = 0;  // bytes of it that were read
  bool pass_over_unreadable_ = false;
  int64_t unreadable_bytes_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_SEGMENT_READER_H_
