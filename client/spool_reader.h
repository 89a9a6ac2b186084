#ifndef LOGBOOM_CLIENT_SPOOL_READER_H_
#define LOGBOOM_CLIENT_SPOOL_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "client/spool_disk.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// Reads the entries of one file of the spool in their order, by their headers;
// a body is read when it is asked for. Finds its way past damage
// (proto/FORMAT.md, "Reading, and what is damage"). Holds one small buffer.
//
// Not thread-safe.
class SpoolReader {
 public:
  explicit SpoolReader(SpoolDisk* disk) : disk_(disk) {}

  // Goes to the first entry of another file. Errors: those of opening it.
  absl::Status Open(const std::string& path);
  void Close() { fd_.Reset(); }
  bool is_open() const { return fd_.valid(); }
  int fd() const { return fd_.get(); }

  // The file's header. Errors: those of DecodeSegmentHeader.
  absl::StatusOr<SegmentHeader> ReadFileHeader();
  // Needed before Next.
  void set_journal_id(const JournalId& id) { journal_id_ = id; }

  struct Item {
    enum class Kind { kEntry, kDamage, kEnd };
    Kind kind = Kind::kEnd;
    // Of the entry, of the damage, or of the tail that no entry follows.
    int64_t begin = 0;
    int64_t end = 0;
    // Of the entry, or of the one behind the damage. Its body is not checked.
    EntryHeader header;
  };
  // The next item of the bytes below `limit`. Behind the end it is asked again
  // when the limit has risen.
  Item Next(int64_t limit);

  // An entry in one allocation, which the parts point into.
  struct Entry {
    std::unique_ptr<char[]> bytes;
    JournalEntry parts;
  };
  // Of an item that is one. Errors: DATA_LOSS, its checksum fails.
  absl::StatusOr<Entry> Read(const Item& item);

  // Bytes that the disk did not give, and that were read as zeros.
  int64_t unreadable_bytes() const { return unreadable_bytes_; }

 private:
  // Up to `size` bytes at `position`, in the buffer; fewer at `limit` or where
  // the file ends.
  absl::string_view View(int64_t position, size_t size, int64_t limit);
  // Whether the header of an entry that ends at or below `limit` is there.
  bool HeaderAt(int64_t position, int64_t limit, EntryHeader* header);
  // The first place from `position` on with one; `limit`: there is none.
  int64_t FindHeader(int64_t position, int64_t limit, EntryHeader* header);

  SpoolDisk* const disk_;
  UniqueFd fd_;
  JournalId journal_id_{};
  int64_t position_ = kFirstEntryByte;
  std::unique_ptr<char[]> buffer_;
  int64_t buffer_begin_ = 0;   // its first byte's place in the file
  int64_t buffer_filled_ = 0;  // bytes of it that were read
  int64_t unreadable_bytes_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_READER_H_
