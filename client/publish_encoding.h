#ifndef LOGBOOM_CLIENT_PUBLISH_ENCODING_H_
#define LOGBOOM_CLIENT_PUBLISH_ENCODING_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>

#include "absl/strings/cord.h"
#include "client/session.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {

// A session's messages to and from bytes. Requests are written by hand, so that
// records which are encoded already are not parsed to be encoded again. Pure
// functions, thread-safe.

// PublishRequest{open}.
grpc::ByteBuffer EncodeOpenRequest(const SessionOptions& options);

// PublishRequest{batch}. The sequence comes first in the batch: a server that
// finds damage in the records behind it can still say which batch it rejects.
// What is behind the sequence, `batch`, is shared, not copied.
grpc::ByteBuffer EncodeBatchRequest(uint64_t sequence, const absl::Cord& batch);

// PublishRequest{levels_applied}.
grpc::ByteBuffer EncodeLevelsApplied(uint64_t version);

// Nullopt: not a PublishResponse.
std::optional<v1::PublishResponse> DecodeResponse(
    const grpc::ByteBuffer& buffer);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_PUBLISH_ENCODING_H_
