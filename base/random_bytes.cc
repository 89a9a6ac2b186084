#include "base/random_bytes.h"

#include <sys/random.h>

#include <cstdlib>

namespace logboom {

void FillRandom(void* out, size_t count) {
  if (getrandom(out, count, 0) != static_cast<ssize_t>(count)) abort();
}

}  // namespace logboom
