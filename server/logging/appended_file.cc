#include "server/logging/appended_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

constexpr int64_t kCopyBytes = 64 * 1024;

OutputFile OutputOf(const struct stat& info) {
  return {
      .device = info.st_dev, .inode = info.st_ino, .size_bytes = info.st_size};
}

// Not by path, which may lead elsewhere by now.
UniqueFd OpenForReading(int fd) {
  const std::string path = absl::StrCat("/proc/self/fd/", fd);
  return UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

FileCalls FileCalls::System() {
  return {.write = ::write, .sync = ::fdatasync};
}

absl::StatusOr<AppendedFile> AppendedFile::Own(UniqueFd fd, std::string path,
                                               FileCalls calls) {
  AppendedFile file(std::move(fd), std::move(path), std::move(calls));
  file.locked_ = flock(file.fd_.get(), LOCK_EX | LOCK_NB) == 0;
  LOGBOOM_RETURN_IF_ERROR(file.Look());
  return file;
}

AppendedFile::AppendedFile(UniqueFd fd, std::string path, FileCalls calls)
    : path_(std::move(path)),
      calls_(std::move(calls)),
      fd_(std::move(fd)),
      reading_(OpenForReading(fd_.get())) {}

absl::Status AppendedFile::Failure(absl::string_view what) const {
  return absl::UnavailableError(
      absl::StrCat("cannot ", what, " ", path_, ": ", strerror(errno)));
}

absl::Status AppendedFile::Look() {
  struct stat info = {};
  if (fstat(fd_.get(), &info) != 0) return Failure("look at");
  output_ = OutputOf(info);
  return absl::OkStatus();
}

bool AppendedFile::StillThere() const {
  struct stat info = {};
  if (stat(path_.c_str(), &info) != 0) return errno != ENOENT;
  return OutputOf(info).IsSameFileAs(output_);
}

absl::StatusOr<AppendedFile::Appended> AppendedFile::Append(
    absl::string_view text) {
  // Bytes that came since the last write: a mark that does not know of them
  // would say nothing of a write that is killed behind them.
  const int64_t left_at = output_.size_bytes;
  LOGBOOM_RETURN_IF_ERROR(Look());
  if (output_.size_bytes != left_at) {
    return Appended{.as_expected = false,
                    .ends_with_them = false,
                    .note = NoteOfSize(left_at)};
  }
  ssize_t wrote;
  do {
    wrote = calls_.write(fd_.get(), text.data(), text.size());
  } while (wrote < 0 && errno == EINTR);
  if (wrote < 0) return Failure("write");

  const int64_t expected = left_at + wrote;
  Appended appended{.bytes = static_cast<size_t>(wrote)};
  // What was written is written: an end that cannot be seen is taken for the
  // expected one.
  if (!Look().ok()) output_.size_bytes = expected;
  const int64_t size = output_.size_bytes;
  if (size == expected) return appended;
  appended.as_expected = false;
  // With O_APPEND a write leaves the position behind what it wrote.
  appended.ends_with_them = lseek(fd_.get(), 0, SEEK_CUR) == size;
  appended.note = NoteOfSize(expected);
  return appended;
}

std::string AppendedFile::NoteOfSize(int64_t expected) const {
  const int64_t size = output_.size_bytes;
  if (size < expected) {
    return absl::StrCat(path_, ": somebody has cut it by ", expected - size,
                        " bytes; going on at its end");
  }
  return absl::StrCat(path_, ": ", size - expected,
                      " bytes in it are somebody else's; going on behind them");
}

absl::Status AppendedFile::Sync() {
  if (calls_.sync(fd_.get()) != 0) {
    return absl::DataLossError(
        absl::StrCat("cannot sync ", path_, ": ", strerror(errno)));
  }
  return SyncFolder();
}

absl::Status AppendedFile::SyncFolder() {
  if (folder_synced_) return absl::OkStatus();
  std::string folder = std::filesystem::path(path_).parent_path().string();
  if (folder.empty()) folder.push_back('.');
  const UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A folder that may be written only, or a file system that cannot do it:
  // nothing would be gained by trying again.
  if (fd.valid() && fsync(fd.get()) != 0 && errno != EINVAL) {
    return absl::DataLossError(absl::StrCat("cannot sync the folder of ", path_,
                                            ": ", strerror(errno)));
  }
  folder_synced_ = true;
  return absl::OkStatus();
}

absl::Status AppendedFile::Cut(int64_t size_bytes) {
  if (ftruncate(fd_.get(), size_bytes) != 0) return Failure("cut");
  return Look();
}

absl::Status AppendedFile::MoveBehind(int64_t size_bytes) {
  struct stat info = {};
  if (fstat(fd_.get(), &info) != 0) return Failure("look at");
  const std::string cut_path = absl::StrCat(path_, ".cut");
  const UniqueFd to(
      open(cut_path.c_str(),
           O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
           info.st_mode & 0777));
  if (!to.valid()) return Failure("move its last bytes to .cut from");
  LOGBOOM_RETURN_IF_ERROR(CopyBehind(size_bytes, to.get()));
  folder_synced_ = false;
  LOGBOOM_RETURN_IF_ERROR(SyncFolder());
  return Cut(size_bytes);
}

absl::Status AppendedFile::CopyBehind(int64_t size_bytes, int to) const {
  for (int64_t at = size_bytes; at < output_.size_bytes;) {
    const int64_t left = output_.size_bytes - at;
    LOGBOOM_ASSIGN_OR_RETURN(
        const std::string bytes,
        Read(at, static_cast<size_t>(std::min(left, kCopyBytes))));
    if (bytes.empty()) break;
    const ssize_t wrote = write(to, bytes.data(), bytes.size());
    if (wrote < 0 && errno != EINTR) return Failure("write .cut beside");
    at += std::max<ssize_t>(wrote, 0);
  }
  if (fdatasync(to) != 0) return Failure("sync .cut beside");
  return absl::OkStatus();
}

bool AppendedFile::readable() const { return reading_.valid(); }

absl::StatusOr<std::string> AppendedFile::Read(int64_t begin,
                                               size_t size) const {
  std::string bytes(size, '\0');
  size_t got = 0;
  while (got < size) {
    const ssize_t more = pread(reading_.get(), bytes.data() + got, size - got,
                               begin + static_cast<int64_t>(got));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return Failure("read");
    if (more == 0) break;
    got += static_cast<size_t>(more);
  }
  bytes.resize(got);
  return bytes;
}

absl::StatusOr<bool> AppendedFile::Has(const CursorMark::Piece& piece,
                                       int64_t begin, int64_t shift) const {
  if (piece.end <= begin || piece.end + shift > output_.size_bytes) {
    return false;
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::string bytes,
      Read(begin + shift, static_cast<size_t>(piece.end - begin)));
  return PiecesOf(bytes, begin, begin) == std::vector{piece};
}

}  // namespace logboom
