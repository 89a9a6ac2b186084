#include "client/spool_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/checksum.h"
#include "base/random_bytes.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

constexpr absl::string_view kLockName = "LOCK";
constexpr absl::string_view kIdentityName = "IDENTITY";
constexpr absl::string_view kNewName = "IDENTITY.new";

constexpr absl::string_view kMagic("LBspool\x01", 8);
constexpr size_t kIdentityBytes = 48;
constexpr size_t kChecksumAt = 40;

uint64_t IdentityChecksum(absl::string_view identity) {
  return Checksum(identity.substr(0, kChecksumAt));
}

std::array<char, kIdentityBytes> Encode(const SpoolIdentity& identity) {
  std::array<char, kIdentityBytes> bytes{};
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  std::memcpy(bytes.data() + 8, identity.spool_id.data(), 16);
  std::memcpy(bytes.data() + 24, identity.producer_id.data(), 16);
  const uint64_t checksum = IdentityChecksum({bytes.data(), bytes.size()});
  std::memcpy(bytes.data() + kChecksumAt, &checksum, sizeof(checksum));
  return bytes;
}

absl::StatusOr<SpoolIdentity> Decode(absl::string_view bytes) {
  uint64_t checksum = 0;
  if (bytes.size() == kIdentityBytes) {
    std::memcpy(&checksum, bytes.data() + kChecksumAt, sizeof(checksum));
  }
  if (bytes.size() != kIdentityBytes ||
      bytes.substr(0, 7) != kMagic.substr(0, 7) ||
      checksum != IdentityChecksum(bytes)) {
    return absl::DataLossError("the file IDENTITY is damaged");
  }
  if (bytes[7] != kMagic[7]) {
    return absl::FailedPreconditionError(
        absl::StrCat("the file IDENTITY is of format version ", int{bytes[7]}));
  }
  SpoolIdentity identity;
  std::memcpy(identity.spool_id.data(), bytes.data() + 8, 16);
  std::memcpy(identity.producer_id.data(), bytes.data() + 24, 16);
  return identity;
}

// The holder writes its pid after it has taken the lock: it may not be there
// yet.
std::string HolderOf(int lock) {
  char text[32];
  const ssize_t size = pread(lock, text, sizeof(text), 0);
  int64_t pid = 0;
  if (size <= 0 ||
      !absl::SimpleAtoi(absl::string_view(text, static_cast<size_t>(size)),
                        &pid)) {
    return "another process";
  }
  return absl::StrCat("process ", pid);
}

}  // namespace

std::array<uint8_t, 16> DrawSpoolId() {
  std::array<uint8_t, 16> id;
  FillRandom(id.data(), id.size());
  return id;
}

SpoolFolder::SpoolFolder(SpoolDisk* disk, std::string path)
    : disk_(disk), path_(std::move(path)) {}

absl::StatusOr<SpoolFolder> SpoolFolder::Take(SpoolDisk* disk,
                                              std::string path) {
  std::error_code error, ignored;
  std::filesystem::create_directories(path, error);
  if (!std::filesystem::is_directory(path, ignored)) {
    return absl::ErrnoToStatus(error ? error.value() : ENOTDIR,
                               absl::StrCat("creating ", path));
  }
  SpoolFolder folder(disk, std::move(path));
  LOGBOOM_RETURN_IF_ERROR(folder.Lock());
  return folder;
}

absl::Status SpoolFolder::Lock() {
  const std::string path = PathOf(kLockName);
  LOGBOOM_RETURN_IF_ERROR(OpenFile(disk_, path, O_RDWR | O_CREAT, &lock_));
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return DiskError("locking", path);
    return absl::AbortedError(absl::StrCat(
        "spool folder ", path_, " is in use by ", HolderOf(lock_.get())));
  }
  // For whoever finds it locked; on a full disk there is no name in it.
  const std::string pid = absl::StrCat(getpid(), "\n");
  disk_->Truncate(lock_.get(), 0);
  WriteFile(disk_, lock_.get(), 0, {pid}).IgnoreError();
  return absl::OkStatus();
}

absl::Status SpoolFolder::CheckWritable() const {
  const std::string path = PathOf(kNewName);
  UniqueFd fd;
  const absl::Status made = OpenFile(disk_, path, O_WRONLY | O_CREAT, &fd);
  if (absl::IsResourceExhausted(made)) return absl::OkStatus();
  LOGBOOM_RETURN_IF_ERROR(made);
  return RemoveFile(disk_, path);
}

absl::StatusOr<std::vector<SegmentName>> SpoolFolder::List() const {
  DIR* const handle = opendir(path_.c_str());
  if (handle == nullptr) return DiskError("listing", path_);
  std::vector<SegmentName> names;
  errno = 0;
  while (const dirent* item = readdir(handle)) {
    const auto name = ParseSegmentName(item->d_name);
    if (name) names.push_back(*name);
    errno = 0;
  }
  const absl::Status status =
      errno == 0 ? absl::OkStatus() : DiskError("listing", path_);
  closedir(handle);
  if (!status.ok()) return status;
  std::sort(names.begin(), names.end(),
            [](const SegmentName& a, const SegmentName& b) {
              return std::tie(a.number, a.first_offset) <
                     std::tie(b.number, b.first_offset);
            });
  return names;
}

absl::StatusOr<SpoolIdentity> SpoolFolder::ReadIdentity() const {
  UniqueFd fd;
  LOGBOOM_RETURN_IF_ERROR(
      OpenFile(disk_, PathOf(kIdentityName), O_RDONLY, &fd));
  char bytes[kIdentityBytes + 1];
  int64_t unreadable = 0;
  const size_t size =
      ReadFile(disk_, fd.get(), 0, bytes, sizeof(bytes), &unreadable);
  return Decode(absl::string_view(bytes, size));
}

absl::Status SpoolFolder::WriteIdentity(const SpoolIdentity& identity) const {
  const std::string path = PathOf(kNewName);
  const auto bytes = Encode(identity);
  UniqueFd fd;
  LOGBOOM_RETURN_IF_ERROR(
      OpenFile(disk_, path, O_WRONLY | O_CREAT | O_TRUNC, &fd));
  LOGBOOM_RETURN_IF_ERROR(WriteFile(
      disk_, fd.get(), 0, {absl::string_view(bytes.data(), bytes.size())}));
  if (disk_->Rename(path, PathOf(kIdentityName)) == 0) return absl::OkStatus();
  return DiskError("renaming", path);
}

std::string SpoolFolder::PathOf(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

std::string SpoolFolder::PathOf(const SegmentName& name) const {
  return PathOf(name.FileName());
}

}  // namespace logboom
