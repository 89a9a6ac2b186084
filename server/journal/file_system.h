#ifndef LOGBOOM_SERVER_JOURNAL_FILE_SYSTEM_H_
#define LOGBOOM_SERVER_JOURNAL_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace logboom {

// The seam between the journal and the disk; tests replace it. Errors have the
// code absl::ErrnoToStatusCode gives (NOT_FOUND, ALREADY_EXISTS,
// PERMISSION_DENIED, RESOURCE_EXHAUSTED when the disk is full, ...) and name
// the path.

// One open file, closed when destroyed. Thread-safe: every access names its
// position.
class File {
 public:
  virtual ~File() = default;

  // Reads into `buffer`; returns the bytes read, fewer only at the file's end.
  virtual absl::StatusOr<size_t> ReadAt(int64_t position,
                                        absl::Span<char> buffer) = 0;

  // Writes the pieces one behind the other, with as few system calls as it can.
  // After an error any part of them may have been written.
  virtual absl::Status WriteAt(int64_t position,
                               absl::Span<const absl::string_view> pieces) = 0;

  // fdatasync. After an error the file's unsynced bytes may be gone although
  // the next call succeeds (Linux marks the pages clean): do not call it again.
  virtual absl::Status Sync() = 0;

  // Makes the file at least `size_bytes` long, zeros behind its present end,
  // with the disk's space reserved where the file system can do that.
  virtual absl::Status Allocate(int64_t size_bytes) = 0;

  virtual absl::Status Truncate(int64_t size_bytes) = 0;
  virtual absl::StatusOr<int64_t> Size() = 0;

  // Takes the file for this process until it is closed, without waiting.
  // Errors: ABORTED, someone else has it.
  virtual absl::Status Lock() = 0;
};

// Thread-safe.
class FileSystem {
 public:
  enum class Mode {
    kRead,       // must exist
    kReadWrite,  // must exist
    kCreate,     // must not exist; for reading and writing
    kOpenOrCreate,
  };

  virtual ~FileSystem() = default;

  virtual absl::StatusOr<std::unique_ptr<File>> Open(absl::string_view path,
                                                     Mode mode) = 0;
  // Names in a folder, in no order, without "." and "..".
  virtual absl::StatusOr<std::vector<std::string>> List(
      absl::string_view folder) = 0;
  // Creates a folder and its parents; it may exist.
  virtual absl::Status CreateFolder(absl::string_view folder) = 0;
  // Makes a folder's names durable: after creating or removing a file in it.
  virtual absl::Status SyncFolder(absl::string_view folder) = 0;
  virtual absl::Status Remove(absl::string_view path) = 0;
  // Gives a file another name in the same folder, in place of the file that has
  // it, if there is one: whoever opens `to` finds the one or the other.
  virtual absl::Status Rename(absl::string_view from, absl::string_view to) = 0;
  // Names this run of the machine: what was written and not synced since is
  // there as long as the name stays the same. Empty when it is not known.
  virtual std::string BootId() = 0;
};

// The operating system's. Never destroyed.
FileSystem* SystemFiles();

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_FILE_SYSTEM_H_
