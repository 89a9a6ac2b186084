#include "client/spool_disk.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// What a disk fails to read at the least.
constexpr int64_t kPageBytes = 4096;

template <typename Call>
auto RetryInterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Takes `count` bytes off the front.
void Advance(std::vector<iovec>* pieces, size_t* first, size_t count) {
  while (*first < pieces->size() && count >= (*pieces)[*first].iov_len) {
    count -= (*pieces)[(*first)++].iov_len;
  }
  if (count == 0) return;
  iovec& piece = (*pieces)[*first];
  piece.iov_base = static_cast<char*>(piece.iov_base) + count;
  piece.iov_len -= count;
}

// Until all is read, the file ends (true) or a read fails (false).
bool ReadPart(SpoolDisk* disk, int fd, int64_t position, char* out, size_t size,
              size_t* done) {
  while (*done < size) {
    const ssize_t got = RetryInterrupted([&] {
      return disk->Read(fd, out + *done, size - *done,
                        position + static_cast<int64_t>(*done));
    });
    if (got < 0) return false;
    if (got == 0) return true;
    *done += static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

int SpoolDisk::Open(const std::string& path, int flags) {
  return open(path.c_str(), flags | O_CLOEXEC, 0640);
}

ssize_t SpoolDisk::Read(int fd, char* out, size_t size, int64_t position) {
  return pread(fd, out, size, position);
}

ssize_t SpoolDisk::Write(int fd, const iovec* pieces, int count,
                         int64_t position) {
  return pwritev(fd, pieces, count, position);
}

int SpoolDisk::Truncate(int fd, int64_t size) { return ftruncate(fd, size); }

int SpoolDisk::Remove(const std::string& path) { return unlink(path.c_str()); }

int SpoolDisk::Rename(const std::string& from, const std::string& to) {
  return rename(from.c_str(), to.c_str());
}

SpoolDisk* SpoolDisk::System() {
  static auto* const disk = new SpoolDisk;
  return disk;
}

absl::Status DiskError(absl::string_view what, absl::string_view path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

absl::Status OpenFile(SpoolDisk* disk, const std::string& path, int flags,
                      UniqueFd* fd) {
  *fd = UniqueFd(RetryInterrupted([&] { return disk->Open(path, flags); }));
  return fd->valid() ? absl::OkStatus() : DiskError("opening", path);
}

absl::Status WriteFile(SpoolDisk* disk, int fd, int64_t position,
                       absl::Span<const absl::string_view> pieces) {
  std::vector<iovec> left;
  left.reserve(pieces.size());
  for (const absl::string_view piece : pieces) {
    if (piece.empty()) continue;
    left.push_back({const_cast<char*>(piece.data()), piece.size()});
  }
  for (size_t first = 0; first < left.size();) {
    const auto count =
        static_cast<int>(std::min(left.size() - first, size_t{IOV_MAX}));
    const ssize_t wrote = RetryInterrupted(
        [&] { return disk->Write(fd, left.data() + first, count, position); });
    if (wrote < 0) return absl::ErrnoToStatus(errno, "writing");
    position += wrote;
    Advance(&left, &first, static_cast<size_t>(wrote));
  }
  return absl::OkStatus();
}

size_t ReadFile(SpoolDisk* disk, int fd, int64_t position, char* out,
                size_t size, int64_t* unreadable) {
  size_t done = 0;
  while (!ReadPart(disk, fd, position, out, size, &done)) {
    // Page by page behind what was read: what fails there is zeros.
    const int64_t at = position + static_cast<int64_t>(done);
    const size_t end = std::min(
        size, done + static_cast<size_t>(kPageBytes - at % kPageBytes));
    const size_t begin = done;
    if (ReadPart(disk, fd, position, out, end, &done)) {
      if (done < end) return done;  // the file ends
      continue;
    }
    std::memset(out + done, 0, end - done);
    *unreadable += static_cast<int64_t>(end - begin);
    done = end;
  }
  return done;
}

int64_t FileSize(int fd) {
  struct stat facts;
  return fstat(fd, &facts) == 0 ? facts.st_size : -1;
}

absl::Status RemoveFile(SpoolDisk* disk, const std::string& path) {
  if (disk->Remove(path) == 0 || errno == ENOENT) return absl::OkStatus();
  return DiskError("removing", path);
}

}  // namespace logboom
