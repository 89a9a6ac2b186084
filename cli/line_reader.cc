#include "cli/line_reader.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {

absl::StatusOr<std::optional<LineReader::Line>> LineReader::Next() {
  while (true) {
    if (skipping_) SkipRest();
    const size_t newline = buffer_.find('\n', scanned_);
    if (newline != std::string::npos) return Take(newline, newline + 1);
    scanned_ = buffer_.size();
    if (!skipping_ && scanned_ - begin_ > kMaxLineBytes) {
      skipping_ = true;
      Line line = Take(begin_ + kMaxLineBytes, buffer_.size());
      line.too_long = true;
      return line;
    }
    LOGBOOM_ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    if (begin_ == buffer_.size()) return std::nullopt;
    return Take(buffer_.size(), buffer_.size());
  }
}

bool LineReader::HasLine() const {
  return buffer_.find('\n', begin_) != std::string::npos;
}

LineReader::Line LineReader::Take(size_t end, size_t next) {
  const absl::string_view text =
      absl::string_view(buffer_).substr(begin_, end - begin_);
  begin_ = scanned_ = next;
  return {++number_, text, false};
}

void LineReader::SkipRest() {
  const size_t newline = buffer_.find('\n', begin_);
  skipping_ = newline == std::string::npos;
  begin_ = scanned_ = skipping_ ? buffer_.size() : newline + 1;
}

absl::StatusOr<bool> LineReader::Fill() {
  if (ended_) return false;
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  char chunk[64 << 10];
  ssize_t count;
  do {
    count = read(fd_, chunk, sizeof(chunk));
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot read: ", std::strerror(errno)));
  }
  ended_ = count == 0;
  buffer_.append(chunk, count);
  return !ended_;
}

}  // namespace logboom
