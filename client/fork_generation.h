#ifndef LOGBOOM_CLIENT_FORK_GENERATION_H_
#define LOGBOOM_CLIENT_FORK_GENERATION_H_

#include <cstdint>

namespace logboom {

// How many forks lie between this process and the one that first called
// WatchForks: one more in a child than in its parent. A relaxed load.
uint32_t ForkGeneration();

// Begins to count, in this process and its children. Thread-safe; later calls
// do nothing.
void WatchForks();

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_FORK_GENERATION_H_
