#include "server/ingest/pickle/python_key.h"

#include <cmath>
#include <cstddef>
#include <cstring>

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

// Whether `key`, whose size is known to be kSize - 1, is `name`: a comparison
// of constant size, which costs no call.
template <size_t kSize>
bool Is(absl::string_view key, const char (&name)[kSize]) {
  return std::memcmp(key.data(), name, kSize - 1) == 0;
}

Key KeyIf(bool found, Key key) { return found ? key : Key::kOther; }

}  // namespace

absl::string_view NameOf(PythonKey key) {
  return kKeyNames[static_cast<size_t>(key)];
}

PythonKey FindPythonKey(absl::string_view key) {
  switch (key.size()) {
    case 3:
      return KeyIf(Is(key, "msg"), Key::kMsg);
    case 4:
      if (Is(key, "name")) return Key::kName;
      return KeyIf(Is(key, "args"), Key::kArgs);
    case 6:
      if (Is(key, "lineno")) return Key::kLineno;
      return KeyIf(Is(key, "thread"), Key::kThread);
    case 7:
      if (Is(key, "levelno")) return Key::kLevelno;
      if (Is(key, "created")) return Key::kCreated;
      return KeyIf(Is(key, "process"), Key::kProcess);
    case 8:
      if (Is(key, "pathname")) return Key::kPathname;
      if (Is(key, "funcName")) return Key::kFuncName;
      if (Is(key, "exc_info")) return Key::kExcInfo;
      return KeyIf(Is(key, "exc_text"), Key::kExcText);
    case 9:
      return KeyIf(Is(key, "levelname"), Key::kLevelname);
    case 10:
      if (Is(key, "threadName")) return Key::kThreadName;
      return KeyIf(Is(key, "stack_info"), Key::kStackInfo);
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
