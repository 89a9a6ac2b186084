#include "server/ingest/otlp/otlp_service.h"

#include <grpcpp/impl/rpc_service_method.h>

#include <string>
#include <utility>
#include <vector>

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
  auto call =
      std::make_shared<ExportCall>(&ingest_, retry_after_, context, response,
                                   [this](ExportCall* gone) { Remove(gone); });
  bool draining;
  {
    MutexLock lock(&mu_);
    calls_.emplace(call.get(), call);
    draining = draining_;
  }
  if (draining) {
    call->End(Stopping());
  } else {
    call->Start();
  }
  return call.get();
}

void OtlpService::Drain() {
  std::vector<std::shared_ptr<ExportCall>> calls;
  {
    MutexLock lock(&mu_);
    draining_ = true;
    for (const auto& [_, call] : calls_) calls.push_back(call);
  }
  for (const std::shared_ptr<ExportCall>& call : calls) call->End(Stopping());
}

void OtlpService::Remove(ExportCall* call) {
  std::shared_ptr<ExportCall> owned;  // destroyed without the lock
  MutexLock lock(&mu_);
  const auto found = calls_.find(call);
  owned = std::move(found->second);
  calls_.erase(found);
}

}  // namespace logboom
