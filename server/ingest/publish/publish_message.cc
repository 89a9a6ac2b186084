#include "server/ingest/publish/publish_message.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

absl::Status NotReadable(absl::string_view message, const absl::Status& why) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a ", message, ": ", why.message()));
}

// Any other value, known to a newer client only, gets the stronger promise.
AckDepth DepthFromWire(uint64_t value) {
  return value == v1::ACK_DEPTH_WRITTEN ? AckDepth::kWritten
                                        : AckDepth::kSynced;
}

absl::Status CheckOpen(absl::string_view producer_id,
                       absl::string_view resource) {
  if (producer_id.size() != ProducerId{}.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("OpenSession.producer_id has ", producer_id.size(),
                     " bytes; it must have ", ProducerId{}.size()));
  }
  if (resource.size() > kMaxResourceBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("OpenSession.resource has ", resource.size(),
                     " bytes; at most ", kMaxResourceBytes, " are taken"));
  }
  if (absl::Status status = CheckResource(resource); !status.ok()) {
    return NotReadable("Resource", status);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PublishMessage> ReadPublishMessage(absl::string_view encoded) {
  using Kind = PublishMessage::Kind;
  static constexpr Kind kKinds[] = {Kind::kNone, Kind::kOpen, Kind::kBatch,
                                    Kind::kLevelsApplied};
  PublishMessage message;
  TagIterator tag(encoded);
  while (tag.Next()) {
    if (tag.field() >= std::size(kKinds) || tag.type() != WireType::kBytes) {
      continue;
    }
    message = {kKinds[tag.field()], tag.bytes()};
  }
  if (!tag.ok()) return NotReadable("PublishRequest", tag.status());
  return message;
}

absl::StatusOr<OpenMessage> ReadOpenMessage(absl::string_view encoded) {
  OpenMessage open;
  absl::string_view producer_id;
  TagIterator tag(encoded);
  while (tag.Next()) {
    if (tag.field() == 1 && tag.type() == WireType::kBytes) {
      producer_id = tag.bytes();
    } else if (tag.field() == 2 && tag.type() == WireType::kFixed64) {
      open.epoch = tag.fixed64();
    } else if (tag.field() == 3 && tag.type() == WireType::kBytes) {
      open.resource = tag.bytes();
    } else if (tag.field() == 4 && tag.type() == WireType::kVarint) {
      open.depth = DepthFromWire(tag.varint());
    }
  }
  if (!tag.ok()) return NotReadable("OpenSession", tag.status());
  LOGBOOM_RETURN_IF_ERROR(CheckOpen(producer_id, open.resource));
  std::copy(producer_id.begin(), producer_id.end(), open.producer_id.begin());
  return open;
}

absl::StatusOr<uint64_t> ReadLevelsApplied(absl::string_view encoded) {
  uint64_t version = 0;
  TagIterator tag(encoded);
  while (tag.Next()) {
    if (tag.field() == 1 && tag.type() == WireType::kVarint) {
      version = tag.varint();
    }
  }
  if (!tag.ok()) return NotReadable("LevelsApplied", tag.status());
  return version;
}

// RESOURCE_EXHAUSTED is what gRPC itself answers to a message over its limit: a
// client splits the batch in both cases.
absl::StatusOr<BatchSummary> CheckPublishedBatch(absl::string_view batch,
                                                 int64_t limit_bytes) {
  if (static_cast<int64_t>(batch.size()) > limit_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the batch has ", batch.size(), " bytes; at most ",
                     limit_bytes, " are taken: split it"));
  }
  return CheckBatch(batch);
}

}  // namespace logboom
