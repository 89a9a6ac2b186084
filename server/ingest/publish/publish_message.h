#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_MESSAGE_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_MESSAGE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/grpc/message_bytes.h"
#include "server/journal/journal.h"

namespace logboom {

// The messages of a Publish stream as bytes (proto/logboom/v1/ingest.proto).
// Requests are walked, not decoded: a batch's bytes are journalled as they
// came. Pure functions, thread-safe.

// A Resource is stored in every entry of its session, so a large one would
// multiply.
inline constexpr size_t kMaxResourceBytes = size_t{64} << 10;

// A PublishRequest. A message with no kind, or a kind this server does not
// know, is kNone: a newer client's addition is no error.
struct PublishMessage {
  enum class Kind { kNone, kOpen, kBatch, kLevelsApplied };
  Kind kind = Kind::kNone;
  absl::string_view body;  // points into the bytes given
};

// Where several kinds are set the last counts, as in any oneof.
// Errors: INVALID_ARGUMENT, not a PublishRequest, with the byte.
absl::StatusOr<PublishMessage> ReadPublishMessage(absl::string_view encoded);

// An OpenSession. The generated class is not used here because it refuses
// strings that are not UTF-8, and a resource is kept as it came.
struct OpenMessage {
  ProducerId producer_id{};
  uint64_t epoch = 0;
  absl::string_view resource;  // encoded; points into the bytes given
  AckDepth depth = AckDepth::kSynced;
};

// Errors: INVALID_ARGUMENT, naming the field and its value.
absl::StatusOr<OpenMessage> ReadOpenMessage(absl::string_view encoded);

// A LevelsApplied: its version. Errors: INVALID_ARGUMENT, it is none.
absl::StatusOr<uint64_t> ReadLevelsApplied(absl::string_view encoded);

// CheckBatch, for a batch of at most `limit_bytes`. Errors: RESOURCE_EXHAUSTED,
// it is larger; as CheckBatch.
absl::StatusOr<BatchSummary> CheckPublishedBatch(absl::string_view batch,
                                                 int64_t limit_bytes);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_MESSAGE_H_
