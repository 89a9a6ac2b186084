#include "server/ingest/raw/file_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace logboom {
namespace {

int64_t ToInt(rlim_t limit) {
  return static_cast<int64_t>(
      std::min<rlim_t>(limit, std::numeric_limits<int32_t>::max()));
}

}  // namespace

int64_t RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
      limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  return FileLimit();
}

int64_t FileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return ToInt(limit.rlim_cur);
}

}  // namespace logboom
