#ifndef LOGBOOM_BASE_RANDOM_BYTES_H_
#define LOGBOOM_BASE_RANDOM_BYTES_H_

#include <cstddef>

namespace logboom {

// Fills `out` with random bytes of the kernel's, for an id that nobody else may
// draw: at most 256, which come whole (getrandom(2)). Ends the process if there
// are none, as two would then share an id. Thread-safe.
void FillRandom(void* out, size_t count);

}  // namespace logboom

#endif  // LOGBOOM_BASE_RANDOM_BYTES_H_
