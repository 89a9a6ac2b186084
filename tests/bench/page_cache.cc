#include "tests/bench/page_cache.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "base/status_macros.h"
#include "base/unique_fd.h"
#include "tests/bench/bench_folder.h"

namespace logboom {
namespace {

constexpr int64_t kWriteBytes = int64_t{1} << 20;

}  // namespace

absl::Status WarmPageCache(int64_t bytes) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<BenchFolder> folder,
                           BenchFolder::Create());
  const std::string path = folder->path() + "/pages";
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!file.valid()) return absl::ErrnoToStatus(errno, path);
  const std::string zeros(kWriteBytes, '\0');
  for (int64_t written = 0; written < bytes;) {
    const ssize_t count = write(file.get(), zeros.data(), zeros.size());
    if (count < 0 && errno == ENOSPC) break;
    if (count < 0) return absl::ErrnoToStatus(errno, path);
    written += count;
  }
  return absl::OkStatus();
}

}  // namespace logboom
