#ifndef LOGBOOM_SERVER_INGEST_RAW_FILE_LIMIT_H_
#define LOGBOOM_SERVER_INGEST_RAW_FILE_LIMIT_H_

#include <cstdint>

namespace logboom {

// Raises the process's soft limit of open files to the hard one: a connection
// is a file, and the usual soft limit of 1024 is not many producers. Call once,
// at start. A limit that cannot be raised stays; returns the one in force.
int64_t RaiseFileLimit();

// The soft limit in force.
int64_t FileLimit();

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_FILE_LIMIT_H_
