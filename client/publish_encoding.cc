#include "client/publish_encoding.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/support/slice.h>

#include <string>

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
constexpr uint32_t kLostReason = 1;
constexpr uint32_t kLostCount = 2;

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

std::string EncodeLost(absl::Span<const LostRecords> lost) {
  std::string encoded;
  MessageWriter batch(&encoded);
  for (const LostRecords& records : lost) {
    const OpenField field = batch.Begin(kBatchLostField);
    batch.Bytes(kLostReason, records.reason);
    batch.Varint(kLostCount, records.count);
    batch.End(field);
  }
  return encoded;
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
                                    absl::string_view records,
                                    absl::Span<const LostRecords> lost) {
  std::string sequence_field;
  MessageWriter(&sequence_field).Varint(kBatchSequenceField, sequence);
  const std::string lost_fields = EncodeLost(lost);
  const std::string head =
      FieldHead(kRequestBatch,
                sequence_field.size() + records.size() + lost_fields.size());
  // The records are copied once, into the slice that gRPC keeps.
  const grpc::Slice slices[] = {grpc::Slice(head + sequence_field),
                                grpc::Slice(records.data(), records.size()),
                                grpc::Slice(lost_fields)};
  return grpc::ByteBuffer(slices, std::size(slices));
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
