#ifndef LOGBOOM_CLIENT_STRING_VIEWS_H_
#define LOGBOOM_CLIENT_STRING_VIEWS_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace logboom {

// Between the program's text and ours: Debian's absl::string_view is a type of
// its own and converts to neither side.
inline absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_STRING_VIEWS_H_
