#ifndef LOGBOOM_LEVEL_H_
#define LOGBOOM_LEVEL_H_

#include <cstdint>

namespace logboom {

// A threshold on a logger, or a record's severity, on Python's scale
// (logging/__init__.py). Any number between is a level too: Level{25}.
enum class Level : int32_t {
  kNotSet = 0,  // on a logger: as its parent
  kDebug = 10,
  kInfo = 20,
  kWarning = 30,
  kError = 40,
  kCritical = 50,
};

}  // namespace logboom

#endif  // LOGBOOM_LEVEL_H_
