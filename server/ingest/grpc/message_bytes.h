#ifndef LOGBOOM_SERVER_INGEST_GRPC_MESSAGE_BYTES_H_
#define LOGBOOM_SERVER_INGEST_GRPC_MESSAGE_BYTES_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace logboom {

// What gRPC takes of a message, as it came, where a batch of `batch_bytes` is
// taken: room to answer a larger one.
inline int64_t MessageLimit(int64_t batch_bytes) {
  constexpr int64_t kSlackBytes = 64;  // the fields around the batch
  return std::min<int64_t>(2 * batch_bytes + kSlackBytes,
                           std::numeric_limits<int>::max());
}

// What gRPC sends of a message of generated code.
grpc::ByteBuffer EncodeMessage(const google::protobuf::MessageLite& message);

// One gRPC message's bytes, standing together and reference-counted. A value,
// thread-compatible.
class MessageBytes {
 public:
  // Copies the buffer's slices into one of its own.
  // Errors: INVALID_ARGUMENT, gRPC cannot read the buffer.
  static absl::StatusOr<MessageBytes> FromBuffer(
      const grpc::ByteBuffer& buffer);

  // A request that its client may have compressed with gzip: inflated then, to
  // at most `limit_bytes`. (GrpcServer has gRPC hand it over as it came.)
  // Errors: as FromBuffer and InflateGzip.
  static absl::StatusOr<MessageBytes> FromRequest(
      const grpc::ByteBuffer& buffer, int64_t limit_bytes);

  // Valid as long as this object or a Cord made by Share.
  absl::string_view view() const;

  // `part`, a part of view(), as a Cord that keeps the bytes alive. Copies
  // nothing but a small part.
  absl::Cord Share(absl::string_view part) const;

 private:
  explicit MessageBytes(grpc::Slice slice) : slice_(std::move(slice)) {}

  grpc::Slice slice_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_GRPC_MESSAGE_BYTES_H_
