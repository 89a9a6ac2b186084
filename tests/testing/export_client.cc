#include "tests/testing/export_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "base/proto_time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace logboom {
namespace {

using grpc::internal::RpcMethod;

constexpr char kExport[] =
    "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

std::optional<absl::Duration> RetryDelayOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::RetryInfo retry;
  if (!details.ParseFromString(status.error_details())) return std::nullopt;
  for (const google::protobuf::Any& detail : details.details()) {
    if (detail.UnpackTo(&retry)) return FromProtoDuration(retry.retry_delay());
  }
  return std::nullopt;
}

std::optional<absl::Duration> RetryDelayOf(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto found = metadata.find("google.rpc.retryinfo-bin");
  google::rpc::RetryInfo retry;
  if (found == metadata.end() ||
      !retry.ParseFromArray(found->second.data(),
                            static_cast<int>(found->second.size()))) {
    return std::nullopt;
  }
  return FromProtoDuration(retry.retry_delay());
}

}  // namespace

ExportClient::ExportClient(const std::string& server,
                           grpc_compression_algorithm compression)
    : compression_(compression) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel_ = grpc::CreateCustomChannel(
      server, grpc::InsecureChannelCredentials(), arguments);
}

ExportOutcome ExportClient::Export(const ExportRequest& request) const {
  return ExportBytes(request.SerializeAsString());
}

ExportOutcome ExportClient::ExportBytes(absl::string_view request) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::minutes(1));
  context.set_compression_algorithm(compression_);
  grpc::Slice slice(request.data(), request.size());
  grpc::ByteBuffer answer;
  ExportOutcome outcome;
  outcome.status =
      grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
          channel_.get(), RpcMethod(kExport, RpcMethod::NORMAL_RPC, channel_),
          &context, grpc::ByteBuffer(&slice, 1), &answer);
  outcome.retry_delay = RetryDelayOf(outcome.status);
  outcome.retry_delay_in_metadata = RetryDelayOf(context);
  grpc::Slice bytes;
  if (outcome.status.ok() && answer.DumpToSingleSlice(&bytes).ok()) {
    outcome.response.ParseFromArray(bytes.begin(),
                                    static_cast<int>(bytes.size()));
  }
  return outcome;
}

std::future<ExportOutcome> ExportClient::Start(
    const ExportRequest& request) const {
  return std::async(std::launch::async,
                    [this, request] { return Export(request); });
}

ExportRequest MakeExport(int records, const std::string& scope,
                         const std::string& service) {
  ExportRequest request;
  auto& resource_logs = *request.add_resource_logs();
  auto& attribute = *resource_logs.mutable_resource()->add_attributes();
  attribute.set_key("service.name");
  attribute.mutable_value()->set_string_value(service);
  auto& scope_logs = *resource_logs.add_scope_logs();
  scope_logs.mutable_scope()->set_name(scope);
  for (int i = 0; i < records; ++i) {
    auto& record = *scope_logs.add_log_records();
    record.mutable_body()->set_string_value(absl::StrCat(i));
  }
  return request;
}

}  // namespace logboom
