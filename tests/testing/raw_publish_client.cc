#include "tests/testing/raw_publish_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

// What generated stubs are made of; there is no blocking stub for bytes.
using grpc::internal::RpcMethod;
using Factory = grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer,
                                                          grpc::ByteBuffer>;

constexpr char kPublish[] = "/logboom.v1.LogIngest/Publish";

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(),
                                   arguments);
}

std::chrono::system_clock::time_point Deadline() {
  return std::chrono::system_clock::now() + std::chrono::minutes(1);
}

grpc::ByteBuffer BufferOf(absl::string_view bytes) {
  grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return std::string(slice.begin(), slice.end());
}

std::string Describe(const v1::PublishResponse& response) {
  switch (response.kind_case()) {
    case v1::PublishResponse::kOpened:
      return absl::StrCat("opened ", response.opened().last_sequence(), " ",
                          response.opened().max_batch_bytes());
    case v1::PublishResponse::kAck:
      return absl::StrCat("ack ", response.ack().sequence());
    case v1::PublishResponse::kRejected:
      return absl::StrCat(
          "rejected ", response.rejected().sequence(), " ",
          absl::StatusCodeToString(
              static_cast<absl::StatusCode>(response.rejected().code())));
    case v1::PublishResponse::kDrain:
      return absl::StrCat("drain ", response.drain().retry_after().seconds(),
                          "s");
    default:
      return response.ShortDebugString();
  }
}

}  // namespace

RawPublishClient::RawPublishClient(const std::string& server,
                                   grpc_compression_algorithm compression)
    : channel_(ChannelTo(server)) {
  context_.set_deadline(Deadline());
  context_.set_compression_algorithm(compression);
  stream_.reset(Factory::Create(
      channel_.get(), RpcMethod(kPublish, RpcMethod::BIDI_STREAMING, channel_),
      &context_));
}

RawPublishClient::~RawPublishClient() {
  context_.TryCancel();
  if (!finished_) Finish();
}

bool RawPublishClient::SendBytes(absl::string_view message) {
  return stream_->Write(BufferOf(message));
}

bool RawPublishClient::Send(const v1::PublishRequest& request) {
  return SendBytes(request.SerializeAsString());
}

bool RawPublishClient::SendOpen(absl::string_view producer_id,
                                v1::AckDepth depth, uint64_t epoch) {
  v1::PublishRequest request;
  request.mutable_open()->set_producer_id(std::string(producer_id));
  request.mutable_open()->set_session_epoch(epoch);
  v1::KeyValue& attribute =
      *request.mutable_open()->mutable_resource()->add_attributes();
  attribute.set_key("service.name");
  attribute.mutable_value()->set_string_value("test");
  request.mutable_open()->set_ack_depth(depth);
  return Send(request);
}

bool RawPublishClient::SendBatchBytes(absl::string_view batch) {
  std::string message;
  MessageWriter(&message).Bytes(v1::PublishRequest::kBatchFieldNumber, batch);
  return SendBytes(message);
}

std::optional<v1::PublishResponse> RawPublishClient::Read() {
  grpc::ByteBuffer buffer;
  if (!stream_->Read(&buffer)) return std::nullopt;
  v1::PublishResponse response;
  if (!response.ParseFromString(BytesOf(buffer))) return std::nullopt;
  return response;
}

std::string RawPublishClient::Next() {
  const std::optional<v1::PublishResponse> response = Read();
  return response.has_value() ? Describe(*response) : "end";
}

void RawPublishClient::CloseSending() { stream_->WritesDone(); }

grpc::Status RawPublishClient::Finish() {
  finished_ = true;
  return stream_->Finish();
}

v1::LogBatch MakeBatch(uint64_t sequence, int records, size_t record_bytes) {
  v1::LogBatch batch;
  batch.set_sequence(sequence);
  for (int i = 0; i < records; ++i) {
    v1::LogRecord& record = *batch.add_records();
    record.set_logger("test");
    record.set_severity_number(v1::SEVERITY_NUMBER_INFO);
    std::string message = absl::StrCat(i);
    if (message.size() < record_bytes) message.resize(record_bytes, '.');
    record.mutable_body()->set_string_value(message);
  }
  return batch;
}

std::optional<std::string> CallUnary(const std::string& server,
                                     const std::string& method,
                                     absl::string_view request) {
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(server);
  grpc::ClientContext context;
  context.set_deadline(Deadline());
  grpc::ByteBuffer answer;
  const grpc::Status status =
      grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
          channel.get(),
          RpcMethod(method.c_str(), RpcMethod::NORMAL_RPC, channel), &context,
          BufferOf(request), &answer);
  if (!status.ok()) return std::nullopt;
  return BytesOf(answer);
}

}  // namespace logboom
