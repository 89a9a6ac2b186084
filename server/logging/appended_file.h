#ifndef LOGBOOM_SERVER_LOGGING_APPENDED_FILE_H_
#define LOGBOOM_SERVER_LOGGING_APPENDED_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "server/journal/cursor.h"

namespace logboom {

// The system calls that tests make fail, or look at what was done before.
struct FileCalls {
  std::function<ssize_t(int fd, const void* bytes, size_t size)> write;
  std::function<int(int fd)> sync;

  static FileCalls System();
};

// A regular file that one handler appends to. It is locked (flock) while it is
// open, and looked at after each write: bytes that others put there are
// noticed, and never cut off without the lock.
//
// Not thread-safe.
class AppendedFile {
 public:
  // `fd` is open for appending. Tries to lock.
  // Errors: UNAVAILABLE, its size cannot be had.
  static absl::StatusOr<AppendedFile> Own(UniqueFd fd, std::string path,
                                          FileCalls calls);

  const std::string& path() const { return path_; }
  // As long as it was when last looked at.
  const OutputFile& output() const { return output_; }
  // Nobody else has the lock.
  bool locked() const { return locked_; }
  // Whether the path still leads to this file.
  bool StillThere() const;

  struct Appended {
    size_t bytes = 0;
    // The file grew by just these. Otherwise somebody else was at it:
    bool as_expected = true;
    bool ends_with_them = true;  // nothing lies behind what was appended
    std::string note;            // what happened
  };
  // Appends, with one write(2), what the file takes now. Errors: UNAVAILABLE,
  // nothing was written.
  absl::StatusOr<Appended> Append(absl::string_view text);

  // Makes all that was appended durable, and the file's name when it is new.
  // Errors: DATA_LOSS, what was appended since the last success may be gone.
  absl::Status Sync();

  // Cuts the file to `size_bytes`; it must be locked. Errors: UNAVAILABLE.
  absl::Status Cut(int64_t size_bytes);

  // Moves what lies behind `size_bytes` to the end of a file beside it, named
  // so with ".cut" behind it, and makes that durable before it cuts. The file
  // must be locked. Errors: UNAVAILABLE.
  absl::Status MoveBehind(int64_t size_bytes);

  // Whether the file may be read, too.
  bool readable() const;
  // Whether it has `piece`, which begins at `begin`, `shift` bytes behind where
  // the piece says. Errors: UNAVAILABLE, reading failed.
  absl::StatusOr<bool> Has(const CursorMark::Piece& piece, int64_t begin,
                           int64_t shift) const;

 private:
  AppendedFile(UniqueFd fd, std::string path, FileCalls calls);

  absl::Status Look();
  // What somebody did to the file, which should be `expected` bytes long.
  std::string NoteOfSize(int64_t expected) const;
  absl::Status Failure(absl::string_view what) const;
  absl::Status SyncFolder();
  absl::Status CopyBehind(int64_t size_bytes, int to) const;
  absl::StatusOr<std::string> Read(int64_t begin, size_t size) const;

  std::string path_;
  FileCalls calls_;
  UniqueFd fd_;
  UniqueFd reading_;  // invalid: may not be read
  OutputFile output_;
  bool locked_ = false;
  bool folder_synced_ = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_APPENDED_FILE_H_
