#include "server/ingest/otlp/otlp_service.h"

#include <grpcpp/impl/rpc_service_method.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"

namespace logboom {
namespace {

using ::opentelemetry::proto::collector::logs::v1::LogsService;
using ExportHandler =
    grpc::internal::CallbackClientStreamingHandler<grpc::ByteBuffer,
                                                   grpc::ByteBuffer>;

absl::Status Stopping() {
  return absl::UnavailableError("the server is stopping");
}

}  // namespace

// As the generated class does it, but with another kind of method.
OtlpService::OtlpService(Ingest* ingest, absl::Duration retry_after)
    : ingest_(*ingest), retry_after_(retry_after) {
  static const auto* const name = new std::string(
      absl::StrCat("/", LogsService::service_full_name(), "/Export"));
  AddMethod(new grpc::internal::RpcServiceMethod(
      name->c_str(), grpc::internal::RpcMethod::CLIENT_STREAMING,
      /*handler=*/nullptr));
  MarkMethodRawCallback(
      0, new ExportHandler([this](grpc::CallbackServerContext* context,
                                  grpc::ByteBuffer* response) {
        return Export(context, response);
      }));
}

grpc::ServerReadReactor<grpc::ByteBuffer>* OtlpService::Export(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
  auto call = std::make_shared<ExportCall>(
      &ingest_, retry_after_, context, response,
      [this](ExportCall* gone) { calls_.Remove(gone); });
  if (calls_.Add(call)) {
    call->Start();
  } else {
    call->End(Stopping());
  }
  return call.get();
}

void OtlpService::Drain() {
  for (const std::shared_ptr<ExportCall>& call : calls_.Drain()) {
    call->End(Stopping());
  }
}

}  // namespace logboom
