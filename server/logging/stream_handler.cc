#include "server/logging/stream_handler.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

mode_t TypeOf(int fd) {
  struct stat info = {};
  return fstat(fd, &info) == 0 ? info.st_mode & S_IFMT : 0;
}

// A description of our own for a pipe or terminal, so that O_NONBLOCK does not
// leak to the shell that gave it to us. Files never block, and sockets cannot
// be reopened: send(2) has a flag for them.
UniqueFd ReopenNonBlocking(int fd) {
  const mode_t type = TypeOf(fd);
  if (type != S_IFIFO && type != S_IFCHR) return UniqueFd();
  const std::string path = absl::StrCat("/proc/self/fd/", fd);
  return UniqueFd(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}

// Where a pipe may not be reopened (it is another user's), poll(2) before a
// write of at most this many bytes keeps it from blocking: a pipe that polls
// writable has room for PIPE_BUF bytes (pipe(7)).
constexpr size_t kSafeBytes = 4096;

}  // namespace

StandardStream::StandardStream(int fd)
    : reopened_(ReopenNonBlocking(fd)),
      fd_(reopened_.valid() ? reopened_.get() : fd),
      type_(TypeOf(fd)),
      most_bytes_(reopened_.valid() || type_ == S_IFREG || type_ == S_IFSOCK
                      ? std::numeric_limits<size_t>::max()
                      : kSafeBytes) {}

StandardStream& StandardStream::Get(HandlerOptions::Stream stream) {
  static auto* out = new StandardStream(STDOUT_FILENO);
  static auto* err = new StandardStream(STDERR_FILENO);
  return stream == HandlerOptions::Stream::kStdout ? *out : *err;
}

absl::StatusOr<size_t> StandardStream::WriteNow(absl::string_view text) const {
  text = text.substr(0, most_bytes_);
  if (most_bytes_ == kSafeBytes) {
    pollfd ready = {.fd = fd_, .events = POLLOUT};
    if (poll(&ready, 1, 0) == 0) return 0;
  }
  ssize_t wrote;
  do {
    wrote = type_ == S_IFSOCK ? send(fd_, text.data(), text.size(),
                                     MSG_DONTWAIT | MSG_NOSIGNAL)
                              : write(fd_, text.data(), text.size());
  } while (wrote < 0 && errno == EINTR);
  if (wrote >= 0) return static_cast<size_t>(wrote);
  if (errno == EAGAIN) return 0;
  return absl::UnavailableError(
      absl::StrCat("cannot write standard stream: ", strerror(errno)));
}

absl::Status StandardStream::FlushRestLocked() {
  while (!rest_.empty()) {
    const absl::StatusOr<size_t> wrote = WriteNow(rest_);
    if (!wrote.ok()) return wrote.status();
    if (*wrote == 0) break;
    rest_.erase(0, *wrote);
  }
  return absl::OkStatus();
}

bool StandardStream::FlushRest() {
  MutexLock lock(&mu_);
  return FlushRestLocked().ok() && rest_.empty();
}

absl::StatusOr<size_t> StandardStream::WriteSome(const TextBlock& block,
                                                 size_t begin) {
  MutexLock lock(&mu_);
  if (absl::Status flushed = FlushRestLocked(); !flushed.ok()) return flushed;
  if (!rest_.empty()) return 0;
  const absl::string_view text = absl::string_view(block.text).substr(begin);
  const absl::StatusOr<size_t> wrote = WriteNow(text);
  if (!wrote.ok() || *wrote == 0 || *wrote == text.size()) return wrote;
  const size_t end =
      *std::lower_bound(block.ends.begin(), block.ends.end(), begin + *wrote);
  rest_ = std::string(text.substr(*wrote, end - begin - *wrote));
  return end - begin;
}

absl::StatusOr<ResumedOutput> StreamHandler::Open(const OutputClaim& claim) {
  ResumedOutput resumed{.position = claim.place()};
  resumed.position.output = {};
  return resumed;
}

absl::Status StreamHandler::Write(const TextBlock& block, size_t* begin,
                                  const StopSignal& stop) {
  size_t at = *begin + cut_bytes_;
  const absl::Status status = WriteFrom(block, &at, stop);
  size_t whole = at;
  if (!status.ok() && at > *begin && !stream_.FlushRest()) {
    auto record = std::lower_bound(block.ends.begin(), block.ends.end(), at);
    whole = record == block.ends.begin() ? 0 : *--record;
  }
  cut_bytes_ = at - whole;
  *begin = whole;
  return status;
}

absl::Status StreamHandler::WriteFrom(const TextBlock& block, size_t* at,
                                      const StopSignal& stop) {
  while (*at < block.text.size() || !stream_.FlushRest()) {
    const absl::StatusOr<size_t> wrote = stream_.WriteSome(block, *at);
    if (!wrote.ok()) return wrote.status();
    *at += *wrote;
    if (*wrote > 0) continue;
    if (absl::Status ready = WaitWritable(stream_.fd(), stop); !ready.ok()) {
      return ready;
    }
  }
  return absl::OkStatus();
}

}  // namespace logboom
