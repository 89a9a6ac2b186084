#ifndef LOGBOOM_TESTS_BENCH_PAGE_CACHE_H_
#define LOGBOOM_TESTS_BENCH_PAGE_CACHE_H_

#include <cstdint>

#include "absl/status/status.h"

namespace logboom {

// Writes so many bytes into a file under the temporary folder and removes it.
// The memory that its pages had is free then, and a virtual machine's host has
// given it: a page that it has not yet costs up to ten times a later touch.
// Errors: as the file's calls have them; a full disk is none.
absl::Status WarmPageCache(int64_t bytes);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_PAGE_CACHE_H_
