#include "server/journal/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/unique_fd.h"

namespace logboom {
namespace {

absl::Status ErrnoStatus(absl::string_view what, absl::string_view path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

template <typename Call>
auto RetryInterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class SystemFile final : public File {
 public:
  SystemFile(UniqueFd fd, absl::string_view path)
      : fd_(std::move(fd)), path_(path) {}

  absl::StatusOr<size_t> ReadAt(int64_t position,
                                absl::Span<char> buffer) override {
    size_t done = 0;
    while (done < buffer.size()) {
      const ssize_t got = RetryInterrupted([&] {
        return pread(fd_.get(), buffer.data() + done, buffer.size() - done,
                     position + static_cast<int64_t>(done));
      });
      if (got < 0) return ErrnoStatus("reading", path_);
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  absl::Status WriteAt(int64_t position,
                       absl::Span<const absl::string_view> pieces) override {
    iovec vectors[IOV_MAX];
    while (!pieces.empty()) {
      const size_t count = std::min(pieces.size(), size_t{IOV_MAX});
      for (size_t i = 0; i < count; ++i) {
        vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
      }
      LOGBOOM_RETURN_IF_ERROR(WriteVectors(&position, vectors, count));
      pieces.remove_prefix(count);
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    if (fdatasync(fd_.get()) != 0) return ErrnoStatus("syncing", path_);
    return absl::OkStatus();
  }

  absl::Status Allocate(int64_t size_bytes) override {
    const int result = RetryInterrupted(
        [&] { return fallocate(fd_.get(), /*mode=*/0, 0, size_bytes); });
    if (result == 0) return absl::OkStatus();
    if (errno != EOPNOTSUPP) return ErrnoStatus("allocating", path_);
    // Not on this file system: a hole has the same zeros.
    LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, Size());
    return size < size_bytes ? Truncate(size_bytes) : absl::OkStatus();
  }

  absl::Status Truncate(int64_t size_bytes) override {
    if (ftruncate(fd_.get(), size_bytes) != 0) {
      return ErrnoStatus("truncating", path_);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> Size() override {
    struct stat facts;
    if (fstat(fd_.get(), &facts) != 0) return ErrnoStatus("examining", path_);
    return facts.st_size;
  }

  absl::Status Lock() override {
    if (flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
    if (errno != EWOULDBLOCK) return ErrnoStatus("locking", path_);
    return absl::AbortedError(absl::StrCat(path_, " is locked"));
  }

 private:
  // Writes all of `vectors`, which it changes, and advances `position`.
  absl::Status WriteVectors(int64_t* position, iovec* vectors, size_t count) {
    while (true) {
      while (count > 0 && vectors->iov_len == 0) ++vectors, --count;
      if (count == 0) return absl::OkStatus();
      const ssize_t wrote = RetryInterrupted([&] {
        return pwritev(fd_.get(), vectors, static_cast<int>(count), *position);
      });
      if (wrote < 0) return ErrnoStatus("writing", path_);
      *position += wrote;
      auto left = static_cast<size_t>(wrote);
      while (count > 0 && left >= vectors->iov_len) {
        left -= vectors->iov_len;
        ++vectors, --count;
      }
      if (left == 0) continue;
      vectors->iov_base = static_cast<char*>(vectors->iov_base) + left;
      vectors->iov_len -= left;
    }
  }

  const UniqueFd fd_;
  const std::string path_;
};

int OpenFlags(FileSystem::Mode mode) {
  switch (mode) {
    case FileSystem::Mode::kRead:
      return O_RDONLY;
    case FileSystem::Mode::kReadWrite:
      return O_RDWR;
    case FileSystem::Mode::kCreate:
      return O_RDWR | O_CREAT | O_EXCL;
    case FileSystem::Mode::kOpenOrCreate:
      return O_RDWR | O_CREAT;
  }
  return O_RDONLY;
}

class SystemFileSystem final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(absl::string_view path,
                                             Mode mode) override {
    const std::string name(path);
    UniqueFd fd(RetryInterrupted(
        [&] { return open(name.c_str(), OpenFlags(mode) | O_CLOEXEC, 0640); }));
    if (!fd.valid()) return ErrnoStatus("opening", path);
    return std::make_unique<SystemFile>(std::move(fd), path);
  }

  absl::StatusOr<std::vector<std::string>> List(
      absl::string_view folder) override {
    DIR* const handle = opendir(std::string(folder).c_str());
    if (handle == nullptr) return ErrnoStatus("listing", folder);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* item = readdir(handle)) {
      const absl::string_view name = item->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    const absl::Status status =
        errno == 0 ? absl::OkStatus() : ErrnoStatus("listing", folder);
    closedir(handle);
    if (!status.ok()) return status;
    return names;
  }

  // Each new folder's name is made durable in the one above it.
  absl::Status CreateFolder(absl::string_view folder) override {
    std::filesystem::path made;
    for (const auto& part : std::filesystem::path(std::string(folder))) {
      const std::filesystem::path above = made.empty() ? "." : made;
      made /= part;
      if (mkdir(made.c_str(), 0777) == 0) {
        LOGBOOM_RETURN_IF_ERROR(SyncFolder(above.string()));
        continue;
      }
      const absl::Status failed = ErrnoStatus("creating", folder);
      std::error_code unknown;
      if (!std::filesystem::is_directory(made, unknown)) return failed;
    }
    return absl::OkStatus();
  }

  absl::Status SyncFolder(absl::string_view folder) override {
    const UniqueFd fd(
        open(std::string(folder).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid() || fsync(fd.get()) != 0) {
      return ErrnoStatus("syncing", folder);
    }
    return absl::OkStatus();
  }

  absl::Status Remove(absl::string_view path) override {
    if (unlink(std::string(path).c_str()) == 0) return absl::OkStatus();
    return ErrnoStatus("removing", path);
  }

  absl::Status Rename(absl::string_view from, absl::string_view to) override {
    if (rename(std::string(from).c_str(), std::string(to).c_str()) == 0) {
      return absl::OkStatus();
    }
    return ErrnoStatus("renaming", from);
  }

  std::string BootId() override {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
  }
};

}  // namespace

FileSystem* SystemFiles() {
  static auto* const files = new SystemFileSystem;
  return files;
}

}  // namespace logboom
