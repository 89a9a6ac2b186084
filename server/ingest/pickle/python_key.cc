#include "server/ingest/pickle/python_key.h"

#include <cmath>
#include <cstddef>

namespace logboom {
namespace {

using Key = PythonKey;

constexpr double kNanosPerSecond = 1e9;
// The first second that 64 bits of nanoseconds do not hold in full.
constexpr double kMaxCreated = 18'446'744'073.0;

// In the order of PythonKey.
constexpr absl::string_view kKeyNames[] = {
    "name",       "msg",     "args",     "levelno",  "levelname",
    "pathname",   "lineno",  "funcName", "created",  "thread",
    "threadName", "process", "exc_info", "exc_text", "stack_info",
};

Key KeyIf(bool found, Key key) { return found ? key : Key::kOther; }

}  // namespace

absl::string_view NameOf(PythonKey key) {
  return kKeyNames[static_cast<size_t>(key)];
}

PythonKey FindPythonKey(absl::string_view key) {
  switch (key.size()) {
    case 3:
      return KeyIf(key == "msg", Key::kMsg);
    case 4:
      if (key == "name") return Key::kName;
      return KeyIf(key == "args", Key::kArgs);
    case 6:
      if (key == "lineno") return Key::kLineno;
      return KeyIf(key == "thread", Key::kThread);
    case 7:
      if (key == "levelno") return Key::kLevelno;
      if (key == "created") return Key::kCreated;
      return KeyIf(key == "process", Key::kProcess);
    case 8:
      if (key == "pathname") return Key::kPathname;
      if (key == "funcName") return Key::kFuncName;
      if (key == "exc_info") return Key::kExcInfo;
      return KeyIf(key == "exc_text", Key::kExcText);
    case 9:
      return KeyIf(key == "levelname", Key::kLevelname);
    case 10:
      if (key == "threadName") return Key::kThreadName;
      return KeyIf(key == "stack_info", Key::kStackInfo);
    default:
      return Key::kOther;
  }
}

bool TimeFromCreated(double created, uint64_t* unix_nano) {
  if (!(created >= 0 && created < kMaxCreated)) return false;
  const double seconds = std::floor(created);
  // The difference is exact: both are multiples of created's last bit.
  const double nanos = std::round((created - seconds) * kNanosPerSecond);
  *unix_nano = static_cast<uint64_t>(seconds) * 1'000'000'000 +
               static_cast<uint64_t>(nanos);
  return true;
}

double CreatedFromTime(uint64_t unix_nano) {
  return static_cast<double>(unix_nano / 1'000'000'000) +
         static_cast<double>(unix_nano % 1'000'000'000) / kNanosPerSecond;
}

}  // namespace logboom
