#ifndef LOGBOOM_CLIENT_SPOOL_WRITER_H_
#define LOGBOOM_CLIENT_SPOOL_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "client/spool_disk.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// Writes one file of the spool, entry by entry. An entry is there for whoever
// reads the file when Append has returned, and not before: what a write that
// failed has left is cut off, or written over.
//
// Not thread-safe.
class SpoolWriter {
 public:
  explicit SpoolWriter(SpoolDisk* disk) : disk_(disk) {}

  // Begins another file, which must not be there. After an error there is none,
  // unless it could not be removed.
  absl::Status Create(const std::string& path, const SegmentHeader& header);
  void Close() { fd_.Reset(); }
  bool is_open() const { return fd_.valid(); }

  // Appends an entry; `header` is complete but for its checksum, with the sizes
  // of the three parts. After an error nothing is appended; the writer is
  // closed if the file could not be cut back.
  absl::Status Append(EntryHeader header, absl::string_view resource,
                      const absl::Cord& payload, absl::string_view ledger);

  // Where the next entry goes.
  int64_t end() const { return end_; }

 private:
  SpoolDisk* const disk_;
  UniqueFd fd_;
  std::string path_;
  JournalId journal_id_{};
  int64_t end_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_WRITER_H_
