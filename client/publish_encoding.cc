#include "client/publish_encoding.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/support/slice.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

// Field numbers of proto/logboom/v1/ingest.proto.
constexpr uint32_t kRequestOpen = 1;
constexpr uint32_t kRequestBatch = 2;
constexpr uint32_t kOpenProducerId = 1;
constexpr uint32_t kOpenEpoch = 2;
constexpr uint32_t kOpenResource = 3;
constexpr uint32_t kOpenAckDepth = 4;

// The tag and length in front of a length-delimited field.
std::string FieldHead(uint32_t field, size_t length) {
  using google::protobuf::io::CodedOutputStream;
  constexpr uint32_t kLengthDelimited = 2;
  uint8_t head[10];
  uint8_t* end = CodedOutputStream::WriteVarint32ToArray(
      field << 3 | kLengthDelimited, head);
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(length),
                                                end);
  return std::string(head, end);
}

// A slice that keeps `batch` alive; `piece` is a part of it.
grpc::Slice ShareSlice(absl::string_view piece,
                       const std::shared_ptr<const absl::Cord>& batch) {
  using Holder = std::shared_ptr<const absl::Cord>;
  return grpc::Slice(
      const_cast<char*>(piece.data()), piece.size(),
      [](void* holder) { delete static_cast<Holder*>(holder); },
      new Holder(batch));
}

}  // namespace

grpc::ByteBuffer EncodeOpenRequest(const SessionOptions& options) {
  std::string encoded;
  MessageWriter request(&encoded);
  const OpenField open = request.Begin(kRequestOpen);
  request.Bytes(kOpenProducerId, options.producer_id);
  request.Fixed64(kOpenEpoch, options.epoch);
  request.Bytes(kOpenResource, options.resource);
  request.Varint(kOpenAckDepth,
                 options.synced ? v1::ACK_DEPTH_SYNCED : v1::ACK_DEPTH_WRITTEN);
  request.End(open);
  grpc::Slice slice(encoded);
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer EncodeBatchRequest(uint64_t sequence,
                                    const absl::Cord& batch) {
  std::string sequence_field;
  MessageWriter(&sequence_field).Varint(kBatchSequenceField, sequence);
  const std::string head =
      FieldHead(kRequestBatch, sequence_field.size() + batch.size());
  // Of the copy, because a short Cord holds its bytes itself.
  const auto shared = std::make_shared<const absl::Cord>(batch);
  std::vector<grpc::Slice> slices = {grpc::Slice(head + sequence_field)};
  for (const absl::string_view piece : shared->Chunks()) {
    slices.push_back(ShareSlice(piece, shared));
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

grpc::ByteBuffer EncodeLevelsApplied(uint64_t version) {
  v1::PublishRequest request;
  request.mutable_levels_applied()->set_version(version);
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

std::optional<v1::PublishResponse> DecodeResponse(
    const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return std::nullopt;
  v1::PublishResponse response;
  if (!response.ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    return std::nullopt;
  }
  return response;
}

}  // namespace logboom
