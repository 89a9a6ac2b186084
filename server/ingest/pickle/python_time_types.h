#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_TIME_TYPES_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_TIME_TYPES_H_

#include "server/ingest/pickle/python_known_types.h"
#include "server/ingest/pickle/python_value.h"
#include "server/ingest/pickle/python_value_writer.h"

namespace logboom {

// Writers of the classes of module datetime, and of zoneinfo.ZoneInfo. The
// states that they read are those of CPython's Modules/_datetimemodule.c.
KnownOutcome WriteDatetime(const PythonObject& object,
                           PythonValueWriter& writer);
KnownOutcome WriteTime(const PythonObject& object, PythonValueWriter& writer);
KnownOutcome WriteDate(const PythonObject& object, PythonValueWriter& writer);
KnownOutcome WriteTimedelta(const PythonObject& object,
                            PythonValueWriter& writer);
KnownOutcome WriteTimezone(const PythonObject& object,
                           PythonValueWriter& writer);
KnownOutcome WriteZoneInfo(const PythonObject& object,
                           PythonValueWriter& writer);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_TIME_TYPES_H_
