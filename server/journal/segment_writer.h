#ifndef LOGBOOM_SERVER_JOURNAL_SEGMENT_WRITER_H_
#define LOGBOOM_SERVER_JOURNAL_SEGMENT_WRITER_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/file_system.h"
#include "server/journal/pending_entry.h"
#include "server/journal/segment_name.h"

namespace logboom {

// Appends entries to one segment: any number are staged, written with one call
// and synced with one. Payloads are not copied.
//
// After an error of Write() or Sync() nothing more may be asked of it but
// Seal(): the file is never trusted again behind synced_end().
//
// Not thread-safe.
class SegmentWriter {
 public:
  // Creates the file in `folder`, allocates `size_bytes` for it and makes
  // header and name durable. A file that could not be completed is removed.
  // Errors: those of the file system.
  static absl::StatusOr<std::unique_ptr<SegmentWriter>> Create(
      FileSystem* files, absl::string_view folder, const SegmentHeader& header,
      int64_t size_bytes);

  // Goes on with a segment whose last entry ends at `end`, which is synced, and
  // which is `size_bytes` long, with zeros behind `end`.
  SegmentWriter(std::unique_ptr<File> file, const SegmentName& name,
                const JournalId& journal_id, int64_t end, int64_t size_bytes);

  const SegmentName& name() const { return name_; }
  // Where the entries end that are durable.
  int64_t synced_end() const { return synced_end_; }

  // What the entry takes in a file.
  static int64_t BytesOf(const PendingEntry& entry);
  // Whether so many bytes of entries fit behind what is staged.
  bool HasRoom(int64_t bytes) const {
    return bytes <= size_bytes_ - staged_end_;
  }

  // Adds an entry to the next write. `entry` must outlive it. Each of its parts
  // is below 4 GiB.
  void Stage(const PendingEntry& entry, Offset first_offset);

  // Writes all that is staged.
  absl::Status Write();
  // Makes all that was written durable.
  absl::Status Sync();

  // After a failure: cuts the file back to what is durable, so that nothing
  // behind it is taken for an entry later. The disk may refuse that too: then a
  // newer segment's first offset says the same.
  absl::Status Seal() { return file_->Truncate(synced_end_); }

 private:
  using HeaderBytes = std::array<char, kEntryHeaderBytes>;

  const std::unique_ptr<File> file_;
  const SegmentName name_;
  const JournalId journal_id_;
  const int64_t size_bytes_;
  int64_t synced_end_;
  int64_t written_end_;
  int64_t staged_end_;
  // What is staged: pieces point into headers_ and into the entries.
  std::deque<HeaderBytes> headers_;
  std::vector<absl::string_view> pieces_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_SEGMENT_WRITER_H_
