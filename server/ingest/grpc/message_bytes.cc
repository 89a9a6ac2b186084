#include "server/ingest/grpc/message_bytes.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "server/ingest/grpc/gzip.h"

namespace logboom {
namespace {

// Parts up to here are copied: gRPC keeps slices of less than 24 bytes inside
// the Slice object, which does not outlive us.
constexpr size_t kCopiedBytes = 256;

grpc::Slice SliceOf(std::string bytes) {
  auto* const owned = new std::string(std::move(bytes));
  return grpc::Slice(
      owned->data(), owned->size(),
      [](void* held) { delete static_cast<std::string*>(held); }, owned);
}

}  // namespace

grpc::ByteBuffer EncodeMessage(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

absl::StatusOr<MessageBytes> MessageBytes::FromBuffer(
    const grpc::ByteBuffer& buffer) {
  // Copied even when it is in one slice: that is part of a receive buffer,
  // which a small message would keep, and which counts against the quota of
  // gRPC. Version 1.51 crashes when such a slice is freed on a thread of ours
  // while the quota is short (ReclaimerQueue::Enqueue runs without an ExecCtx).
  grpc::Slice slice;
  if (grpc::Status status = buffer.DumpToSingleSlice(&slice); !status.ok()) {
    return absl::InvalidArgumentError(FromGrpcStatus(status).message());
  }
  return MessageBytes(std::move(slice));
}

absl::StatusOr<MessageBytes> MessageBytes::FromRequest(
    const grpc::ByteBuffer& buffer, int64_t limit_bytes) {
  absl::StatusOr<MessageBytes> bytes = FromBuffer(buffer);
  if (!bytes.ok() || !IsGzip(bytes->view())) return bytes;
  LOGBOOM_ASSIGN_OR_RETURN(
      std::string inflated,
      InflateGzip(bytes->view(), static_cast<size_t>(limit_bytes)));
  return MessageBytes(SliceOf(std::move(inflated)));
}

absl::string_view MessageBytes::view() const {
  return absl::string_view(reinterpret_cast<const char*>(slice_.begin()),
                           slice_.size());
}

absl::Cord MessageBytes::Share(absl::string_view part) const {
  if (part.size() <= kCopiedBytes) return absl::Cord(part);
  return absl::MakeCordFromExternal(part, [slice = slice_] {});
}

}  // namespace logboom
