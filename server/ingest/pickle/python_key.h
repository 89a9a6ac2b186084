#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_KEY_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_KEY_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace logboom {

// The keys of LogRecord.__dict__ that are more to a LogRecord than attributes
// of the same name.
enum class PythonKey : uint8_t {
  kName,
  kMsg,
  kArgs,
  kLevelno,
  kLevelname,
  kPathname,
  kLineno,
  kFuncName,
  kCreated,
  kThread,
  kThreadName,
  kProcess,
  kExcInfo,
  kExcText,
  kStackInfo,
  kOther,  // any other key
};
PythonKey FindPythonKey(absl::string_view key);

// Of a key other than kOther.
absl::string_view NameOf(PythonKey key);

// `created`, in seconds, as nanoseconds since the epoch, rounded. False when it
// is negative, not finite or beyond 64 bits.
bool TimeFromCreated(double created, uint64_t* unix_nano);
// Back; for times of today exactly the double that TimeFromCreated got.
double CreatedFromTime(uint64_t unix_nano);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_KEY_H_
