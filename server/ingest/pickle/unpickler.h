#ifndef LOGBOOM_SERVER_INGEST_PICKLE_UNPICKLER_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_UNPICKLER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/ingest/pickle/pickle_machine.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// Reads a pickle of protocol 0 to 5 as plain data. It imports nothing, calls
// nothing and runs nothing: what would be a call in Python becomes a
// PythonObject that says what would be called. proto/FORMAT.md section 6 has
// the rules.
//
// Takes time linear in the pickle, and memory linear in it and bounded by the
// limits. Not thread-safe; one object takes pickle after pickle without
// allocating.
class Unpickler {
 public:
  explicit Unpickler(const UnpicklerLimits& limits = UnpicklerLimits())
      : machine_(limits) {}

  // The value that pickle.loads would return. What follows STOP is ignored, as
  // there. The value points into `pickle` and into this object: it is valid
  // until either changes or the next call.
  // Errors: INVALID_ARGUMENT, not a pickle, or one with an opcode that is
  // refused; RESOURCE_EXHAUSTED, beyond a limit. Both name the byte.
  absl::StatusOr<PythonValue> Decode(absl::string_view pickle);

 private:
  PickleMachine machine_;
  std::string scratch_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_UNPICKLER_H_
