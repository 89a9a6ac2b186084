#ifndef LOGBOOM_CLI_LINE_READER_H_
#define LOGBOOM_CLI_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Reads lines from a descriptor as they come: a line that is there is never
// held back until more arrives. Not thread-safe.
class LineReader {
 public:
  static constexpr size_t kMaxLineBytes = size_t{1} << 20;

  struct Line {
    int64_t number;  // from 1
    // Without its newline; at most kMaxLineBytes of it. Valid until the next
    // call.
    absl::string_view text;
    bool too_long;  // the rest was skipped
  };

  // Does not own `fd`.
  explicit LineReader(int fd) : fd_(fd) {}

  // The next line; nullopt at the end. A last line needs no newline.
  // Errors: UNAVAILABLE, reading failed.
  absl::StatusOr<std::optional<Line>> Next();

  // Whether the next call returns without reading: hand on what was collected
  // before it, when not.
  bool HasLine() const;

 private:
  // Reads once; false at the end.
  absl::StatusOr<bool> Fill();
  // The line up to `end`; what follows it starts at `next`.
  Line Take(size_t end, size_t next);
  void SkipRest();

  const int fd_;
  std::string buffer_;
  size_t begin_ = 0;    // of what was not returned yet
  size_t scanned_ = 0;  // no newline before here
  bool ended_ = false;
  bool skipping_ = false;  // up to the newline of a line that was too long
  int64_t number_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLI_LINE_READER_H_
