#ifndef LOGBOOM_CLIENT_SPOOL_DISK_H_
#define LOGBOOM_CLIENT_SPOOL_DISK_H_

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/unique_fd.h"

namespace logboom {

// The system calls of the spool on its files; tests replace some, to be a disk
// that fails. Each is the call of its name: -1 is an error, in errno.
class SpoolDisk {
 public:
  virtual ~SpoolDisk() = default;

  virtual int Open(const std::string& path, int flags);
  virtual ssize_t Read(int fd, char* out, size_t size, int64_t position);
  virtual ssize_t Write(int fd, const iovec* pieces, int count,
                        int64_t position);
  virtual int Truncate(int fd, int64_t size);
  virtual int Remove(const std::string& path);
  virtual int Rename(const std::string& from, const std::string& to);

  // The operating system's. Never destroyed.
  static SpoolDisk* System();
};

// Errors of these name the path or what was done, with errno's code.

// The status of the last call, which failed.
absl::Status DiskError(absl::string_view what, absl::string_view path);

absl::Status OpenFile(SpoolDisk* disk, const std::string& path, int flags,
                      UniqueFd* fd);

// Writes the pieces one behind the other. After an error any part of them may
// have been written, but not the last byte.
absl::Status WriteFile(SpoolDisk* disk, int fd, int64_t position,
                       absl::Span<const absl::string_view> pieces);

// Reads up to `size` bytes, fewer only where the file ends: how many. Pages
// that the disk does not give are zeros, and are counted in `*unreadable`.
size_t ReadFile(SpoolDisk* disk, int fd, int64_t position, char* out,
                size_t size, int64_t* unreadable);

// -1: not known.
int64_t FileSize(int fd);

// A file that is not there is removed.
absl::Status RemoveFile(SpoolDisk* disk, const std::string& path);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_DISK_H_
