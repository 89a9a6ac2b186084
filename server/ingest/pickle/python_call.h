#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_CALL_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_CALL_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "server/ingest/pickle/python_known_types.h"
#include "server/ingest/pickle/python_value.h"
#include "server/ingest/pickle/python_value_writer.h"

namespace logboom {

// What the writers of known types have in common.

inline KnownOutcome Written(bool ok) {
  return ok ? KnownOutcome::kWritten : KnownOutcome::kFailed;
}

// The first arguments of a call, absent where there are fewer.
struct Args {
  explicit Args(const PythonContainer& args) : count(args.size()) {
    size_t i = 0;
    for (auto it = args.begin(); it != args.end() && i < 3; ++it) at[i++] = *it;
  }
  PythonValue at[3];
  size_t count;
};

// Whether the object is no more than its call.
inline bool IsCallOnly(const PythonObject& object) {
  return object.kwargs.is(PythonValue::Kind::kAbsent) &&
         object.state.is(PythonValue::Kind::kAbsent) && object.items.empty() &&
         object.pairs.empty();
}

// Writes {"__py__": name, "value": value}.
inline KnownOutcome WriteText(absl::string_view name, absl::string_view value,
                              PythonValueWriter& writer) {
  return Written(writer.WriteTagged(
      name, [&] { return writer.PairString("value", value); }));
}

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_CALL_H_
