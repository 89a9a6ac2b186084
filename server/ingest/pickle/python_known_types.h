#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_KNOWN_TYPES_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_KNOWN_TYPES_H_

#include "server/ingest/pickle/python_value.h"
#include "server/ingest/pickle/python_value_writer.h"

namespace logboom {

enum class KnownOutcome {
  kUnknown,  // nothing was written
  kWritten,
  kFailed,  // the writer's status tells
};

// Writes an object of a type that proto/FORMAT.md section 6.4 lists by name, if
// it is one and was pickled as CPython 2.7 to 3.13 pickles it.
KnownOutcome WriteKnownObject(const PythonObject& object,
                              PythonValueWriter& writer);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_KNOWN_TYPES_H_
