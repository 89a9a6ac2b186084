#include "server/logging/file_handler.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/logging/resume_output.h"

namespace logboom {

absl::StatusOr<ResumedOutput> FileHandler::Open(const OutputClaim& claim) {
  Close();
  // O_NONBLOCK is for FIFOs; regular files ignore it.
  UniqueFd fd(open(filename_.c_str(),
                   O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK,
                   0644));
  struct stat info = {};
  if (!fd.valid() || fstat(fd.get(), &info) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open ", filename_, ": ", strerror(errno)));
  }
  if (S_ISREG(info.st_mode)) return OpenRegular(std::move(fd), claim);
  stream_ = std::move(fd);
  ResumedOutput resumed{.position = claim.place()};
  resumed.position.output = {};
  return resumed;
}

absl::StatusOr<ResumedOutput> FileHandler::OpenRegular(
    UniqueFd fd, const OutputClaim& claim) {
  LOGBOOM_ASSIGN_OR_RETURN(AppendedFile file,
                           AppendedFile::Own(std::move(fd), filename_, calls_));
  const bool empty = truncate_ && claim.is_new && file.locked();
  if (empty) LOGBOOM_RETURN_IF_ERROR(file.Cut(0));
  LOGBOOM_ASSIGN_OR_RETURN(ResumedOutput resumed, ResumeOutput(claim, &file));
  if (!file.locked()) NoteLock(&resumed.note);
  truncate_ = false;
  file_.emplace(std::move(file));
  return resumed;
}

void FileHandler::NoteLock(std::string* note) {
  if (std::exchange(lock_noted_, true)) return;
  absl::StrAppend(note, note->empty() ? "" : "; ", filename_,
                  " cannot be locked, as when somebody else has it: appending "
                  "to it, never cutting");
}

absl::Status FileHandler::Write(const TextBlock& block, size_t* begin,
                                const StopSignal& stop) {
  if (file_) return WriteRegular(block, begin);
  return WriteStream(block, begin, stop);
}

absl::Status FileHandler::WriteRegular(const TextBlock& block, size_t* begin) {
  LOGBOOM_ASSIGN_OR_RETURN(
      const AppendedFile::Appended appended,
      file_->Append(absl::string_view(block.text).substr(*begin)));
  *begin += appended.bytes;
  if (appended.as_expected) return absl::OkStatus();
  if (!appended.ends_with_them) {
    const auto next =
        std::upper_bound(block.ends.begin(), block.ends.end(), *begin);
    *begin = next == block.ends.begin() ? 0 : *(next - 1);
  }
  return absl::AbortedError(appended.note);
}

absl::Status FileHandler::WriteStream(const TextBlock& block, size_t* begin,
                                      const StopSignal& stop) {
  while (*begin < block.text.size()) {
    const ssize_t wrote = calls_.write(
        stream_.get(), block.text.data() + *begin, block.text.size() - *begin);
    if (wrote >= 0) {
      *begin += static_cast<size_t>(wrote);
    } else if (errno == EAGAIN) {
      LOGBOOM_RETURN_IF_ERROR(WaitWritable(stream_.get(), stop));
    } else if (errno != EINTR) {
      return absl::UnavailableError(
          absl::StrCat("cannot write ", filename_, ": ", strerror(errno)));
    }
  }
  return absl::OkStatus();
}

OutputFile FileHandler::output() const {
  return file_ ? file_->output() : OutputFile();
}

absl::Status FileHandler::Sync() {
  return file_ ? file_->Sync() : absl::OkStatus();
}

bool FileHandler::IsReplaced() const { return file_ && !file_->StillThere(); }

void FileHandler::Close() {
  file_.reset();
  stream_.Reset();
}

}  // namespace logboom
