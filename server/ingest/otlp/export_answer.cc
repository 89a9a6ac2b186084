#include "server/ingest/otlp/export_answer.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/grpc_status.h"
#include "base/proto_time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "server/ingest/grpc/message_bytes.h"

namespace logboom {
namespace {

google::rpc::RetryInfo RetryInfoOf(absl::Duration retry_after) {
  google::rpc::RetryInfo retry;
  SetProtoDuration(retry_after, retry.mutable_retry_delay());
  return retry;
}

}  // namespace

grpc::ByteBuffer EncodeExportResponse(const MalformedRecords& malformed) {
  opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse response;
  if (malformed.count > 0) {
    auto& partial = *response.mutable_partial_success();
    partial.set_rejected_log_records(malformed.count);
    partial.set_error_message(absl::StrCat(
        malformed.count, " malformed; the first: ", malformed.first.message()));
  }
  return EncodeMessage(response);
}

grpc::Status ExportFailure(const absl::Status& why,
                           absl::Duration retry_after) {
  const grpc::Status status = ToGrpcStatus(why);
  if (!absl::IsUnavailable(why)) return status;
  google::rpc::Status details;
  details.set_code(status.error_code());
  details.set_message(status.error_message());
  details.add_details()->PackFrom(RetryInfoOf(retry_after));
  return grpc::Status(status.error_code(), status.error_message(),
                      details.SerializeAsString());
}

std::string EncodeRetryInfo(absl::Duration retry_after) {
  return RetryInfoOf(retry_after).SerializeAsString();
}

}  // namespace logboom
