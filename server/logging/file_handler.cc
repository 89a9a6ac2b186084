#include "server/logging/file_handler.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace logboom {

absl::Status FileHandler::Open() {
  // O_NONBLOCK is for FIFOs; regular files ignore it.
  int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK;
  if (truncate_) flags |= O_TRUNC;
  fd_ = UniqueFd(open(filename_.c_str(), flags, 0644));
  if (!fd_.valid()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open ", filename_, ": ", strerror(errno)));
  }
  truncate_ = false;
  return absl::OkStatus();
}

absl::Status FileHandler::Write(const TextBlock& block, size_t* begin,
                                const StopSignal& stop) {
  if (!fd_.valid()) {
    if (const absl::Status opened = Open(); !opened.ok()) {
      return absl::UnavailableError(opened.message());
    }
  }
  while (*begin < block.text.size()) {
    const ssize_t wrote = write(fd_.get(), block.text.data() + *begin,
                                block.text.size() - *begin);
    if (wrote >= 0) {
      *begin += static_cast<size_t>(wrote);
    } else if (errno == EAGAIN) {
      if (absl::Status ready = WaitWritable(fd_.get(), stop); !ready.ok()) {
        return ready;
      }
    } else if (errno != EINTR) {
      const int error = errno;
      fd_.Reset();
      return absl::UnavailableError(
          absl::StrCat("cannot write ", filename_, ": ", strerror(error)));
    }
  }
  return absl::OkStatus();
}

}  // namespace logboom
