#include "server/ingest/otlp/otlp_service.h"

#include <cstdint>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/wire/otlp_repair.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/grpc/message_bytes.h"
#include "server/ingest/otlp/export_answer.h"

namespace logboom {
namespace {

// Producers that nothing is known of but what their records say.
const IngestSession& OtlpSession() {
  static const auto* const session =
      new IngestSession{.kind = EntryKind::kOtlp};
  return *session;
}

absl::StatusOr<BatchSummary> CheckSizeAndStructure(
    absl::string_view request, int64_t limit_bytes,
    MalformedRecords* malformed) {
  if (static_cast<int64_t>(request.size()) > limit_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the request has ", request.size(), " bytes; at most ",
                     limit_bytes, " are taken: export fewer records at once"));
  }
  return CheckExport(request, malformed);
}

}  // namespace

grpc::ServerUnaryReactor* OtlpService::Export(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const call = context->DefaultReactor();
  const absl::Status status = Take(*request, response, call);
  if (status.ok()) return call;
  if (!absl::IsUnavailable(status)) {
    ingest_.ledger().Count(LossReason::kBatchRejected);
  }
  call->Finish(ExportFailure(status, retry_after_));
  return call;
}

absl::Status OtlpService::Take(const grpc::ByteBuffer& request,
                               grpc::ByteBuffer* response,
                               grpc::ServerUnaryReactor* call) {
  const int64_t batch_bytes = ingest_.options().batch_bytes;
  if (draining_.load(std::memory_order_relaxed)) {
    return absl::UnavailableError("the server is stopping");
  }
  if (!ingest_.has_room()) {
    return absl::UnavailableError("too much is waiting for the disk");
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const MessageBytes bytes,
      MessageBytes::FromRequest(request, MessageLimit(batch_bytes)));
  MalformedRecords malformed;
  LOGBOOM_ASSIGN_OR_RETURN(
      const BatchSummary summary,
      CheckSizeAndStructure(bytes.view(), batch_bytes, &malformed));
  *response = EncodeExportResponse(malformed);
  if (summary.record_count == 0) {
    call->Finish(grpc::Status::OK);
    return absl::OkStatus();
  }
  absl::Cord payload = malformed.count == 0
                           ? bytes.Share(bytes.view())
                           : absl::Cord(WithoutMalformedRecords(bytes.view()));
  ingest_.Append(
      OtlpSession(), summary, /*skipped_sequences=*/0, std::move(payload),
      [this, call,
       rejected = malformed.count](const absl::StatusOr<Offset>& stored) {
        OnStored(stored.status(), rejected, call);
      });
  return absl::OkStatus();
}

void OtlpService::OnStored(const absl::Status& status, uint32_t rejected,
                           grpc::ServerUnaryReactor* call) {
  if (!status.ok()) {
    call->Finish(
        ExportFailure(absl::UnavailableError(absl::StrCat(
                          "the records were not stored: ", status.message())),
                      retry_after_));
    return;
  }
  // Not before: a request that is sent again has them again.
  if (rejected > 0) {
    ingest_.ledger().Count(LossReason::kRecordRejected, rejected);
  }
  call->Finish(grpc::Status::OK);
}

}  // namespace logboom
