#ifndef LOGBOOM_SERVER_INGEST_GRPC_GZIP_H_
#define LOGBOOM_SERVER_INGEST_GRPC_GZIP_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Whether these bytes begin as a gzip stream does (RFC 1952). No protobuf
// message does: the first byte would be a tag of wire type 7.
bool IsGzip(absl::string_view bytes);

// What a gzip stream, of one member or several, holds: at most `limit_bytes`,
// whatever the stream. (While it makes room for more members than one it may
// have half as much again allocated.) Pure, thread-safe.
// Errors: RESOURCE_EXHAUSTED, it holds more; INVALID_ARGUMENT, it is damaged or
// cut, or something follows it.
absl::StatusOr<std::string> InflateGzip(absl::string_view bytes,
                                        size_t limit_bytes);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_GRPC_GZIP_H_
