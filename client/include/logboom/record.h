#ifndef LOGBOOM_RECORD_H_
#define LOGBOOM_RECORD_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <span>
#include <string_view>

#include "logboom/level.h"
#include "logboom/value.h"

namespace logboom {

// The trace and span that a record belongs to (W3C Trace Context). All zeros:
// none.
struct TraceContext {
  std::array<uint8_t, 16> trace_id{};
  std::array<uint8_t, 8> span_id{};
  uint32_t flags = 0;
};

// One logging event with all its parts, for bridges from other logging
// libraries; programs use Logger's short calls. Whatever it points to need live
// only as long as the call that takes it.
struct Record {
  Level level = Level::kInfo;
  std::string_view level_name;  // the source's own; empty: the level's
  std::chrono::system_clock::time_point time;  // 1970: now
  std::string_view message;
  std::span<const Attribute> attributes;
  // Fills exception.type, exception.message and exception.stacktrace.
  const std::exception* exception = nullptr;
  // Where in the source; each may be empty, or 0.
  std::string_view file;
  uint32_t line = 0;
  std::string_view function;
  uint64_t thread_id = 0;  // 0: the calling thread's
};

}  // namespace logboom

#endif  // LOGBOOM_RECORD_H_
