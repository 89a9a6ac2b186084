#ifndef LOGBOOM_CLIENT_SENSIBLE_OPTIONS_H_
#define LOGBOOM_CLIENT_SENSIBLE_OPTIONS_H_

#include <string>
#include <vector>

#include "logboom/options.h"

namespace logboom {

// Replaces options that make no sense by the nearest that do, and adds a line
// to `problems` for each. Pure.
Options MakeSensible(Options options, std::vector<std::string>* problems);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SENSIBLE_OPTIONS_H_
