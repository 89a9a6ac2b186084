#ifndef LOGBOOM_TESTS_BENCH_WRITTEN_ONCE_H_
#define LOGBOOM_TESTS_BENCH_WRITTEN_ONCE_H_

#include <fcntl.h>
#include <limits.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "base/unique_fd.h"

namespace logboom {

// A file that bytes are appended to once, and never touched again: all that a
// floor does with what it receives. A failure ends the program.
//
// Thread-safe.
class WrittenOnce {
 public:
  explicit WrittenOnce(const std::string& path)
      : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                 0600)) {
    if (!fd_.valid()) Fail("open");
  }

  // In one write(2), unless there are very many pieces.
  void Append(absl::Span<const iovec> pieces) const {
    while (!pieces.empty()) {
      const auto some = pieces.subspan(0, IOV_MAX);
      size_t bytes = 0;
      for (const iovec& piece : some) bytes += piece.iov_len;
      const ssize_t written =
          writev(fd_.get(), some.data(), static_cast<int>(some.size()));
      if (written != static_cast<ssize_t>(bytes)) Fail("writev");
      pieces.remove_prefix(some.size());
    }
  }

 private:
  [[noreturn]] static void Fail(const char* call) {
    std::perror(call);
    std::exit(1);
  }

  const UniqueFd fd_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_WRITTEN_ONCE_H_
