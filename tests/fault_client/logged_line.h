#ifndef LOGBOOM_TESTS_FAULT_CLIENT_LOGGED_LINE_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_LOGGED_LINE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// Who logs: a thread of one life of a program. Each counts from 1. Plain data.
struct LineSource {
  int life = 0;
  int thread = 0;

  std::string ToString() const;  // "life 3 thread 0"
  auto operator<=>(const LineSource&) const = default;
};

// A record whose message says which it is. The rest of the message follows from
// that: one that is not exactly as it was logged is not known. Plain data.
struct LoggedLine {
  LineSource source;
  uint64_t number = 0;

  // "line 3 0 41 ooo.": no line breaks.
  std::string Message() const;
  void AppendMessage(std::string* out) const;
  // Nullopt: this message is no logged line's, or not all of it.
  static std::optional<LoggedLine> FromMessage(absl::string_view message);

  auto operator<=>(const LoggedLine&) const = default;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_LOGGED_LINE_H_
