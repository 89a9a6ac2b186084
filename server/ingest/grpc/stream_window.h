#ifndef LOGBOOM_SERVER_INGEST_GRPC_STREAM_WINDOW_H_
#define LOGBOOM_SERVER_INGEST_GRPC_STREAM_WINDOW_H_

#include <cstdint>

namespace logboom {

// What one stream of the gRPC port may send ahead of the read that takes it.
// What does not fit costs a message one round trip more.
inline constexpr int64_t kStreamWindowBytes = int64_t{128} << 10;

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_GRPC_STREAM_WINDOW_H_
