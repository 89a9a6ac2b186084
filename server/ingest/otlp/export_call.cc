#include "server/ingest/otlp/export_call.h"

#include <grpcpp/server_context.h>

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

void ExportCall::Start() {
  Admission::Place place;
  {
    MutexLock lock(&mu_);
    if (phase_ == Phase::kEnded) return;  // the server began to stop
    place = ingest_.admission().Ask(shared_from_this(), Admission::Kind::kCall,
                                    ingest_.options().batch_bytes);
    room_ = place.ticket;
    if (place.has_room) ReadLocked();
  }
  if (place.refused()) {
    End(absl::UnavailableError("too many requests wait for room already"));
  }
}

void ExportCall::End(const absl::Status& why) {
  Admission::Ticket room;
  {
    MutexLock lock(&mu_);
    if (phase_ == Phase::kReceived || phase_ == Phase::kEnded) return;
    phase_ = Phase::kEnded;
    room = room_;
  }
  ingest_.admission().Return(room);
  Fail(why);
}

void ExportCall::OnRoom() {
  MutexLock lock(&mu_);
  if (phase_ == Phase::kWaiting) ReadLocked();
}

void ExportCall::OnOverdue() {
  End(absl::UnavailableError(
      "there was no room for this request, or it did not come, for long"));
}

void ExportCall::ReadLocked() {
  phase_ = Phase::kReading;
  StartRead(&request_);
}

void ExportCall::OnReadDone(bool ok) {
  Admission::Ticket room;
  {
    MutexLock lock(&mu_);
    if (phase_ == Phase::kEnded) return;
    phase_ = Phase::kReceived;
    room = room_;
  }
  const absl::Status status =
      ok ? Take() : absl::InvalidArgumentError("the call brought no request");
  // Only now, when what came is charged as what it is.
  ingest_.admission().Return(room);
  if (status.ok()) return;
  if (!absl::IsUnavailable(status)) {
    ingest_.ledger().Count(LossReason::kBatchRejected);
  }
  Fail(status);
}

void ExportCall::OnCancel() {
  End(absl::CancelledError("the client has gone"));
}

void ExportCall::OnDone() {
  // May destroy this object.
  std::exchange(gone_, nullptr)(this);
}

absl::Status ExportCall::Take() {
  const int64_t batch_bytes = ingest_.options().batch_bytes;
  absl::StatusOr<MessageBytes> bytes =
      MessageBytes::FromRequest(request_, MessageLimit(batch_bytes));
  request_.Clear();  // where it was copied it would stand there twice
  LOGBOOM_RETURN_IF_ERROR(bytes.status());
  MalformedRecords malformed;
  LOGBOOM_ASSIGN_OR_RETURN(
      const BatchSummary summary,
      CheckSizeAndStructure(bytes->view(), batch_bytes, &malformed));
  *response_ = EncodeExportResponse(malformed);
  if (summary.record_count == 0) {
    Finish(grpc::Status::OK);
    return absl::OkStatus();
  }
  absl::Cord payload = malformed.count == 0
                           ? bytes->Share(bytes->view())
                           : absl::Cord(WithoutMalformedRecords(bytes->view()));
  ingest_.Append(
      OtlpSession(), summary, /*skipped_sequences=*/0, std::move(payload),
      [this, rejected = malformed.count](const absl::StatusOr<Offset>& stored) {
        OnStored(stored.status(), rejected);
      });
  return absl::OkStatus();
}

void ExportCall::Fail(const absl::Status& why) {
  if (absl::IsUnavailable(why)) {
    context_.AddTrailingMetadata(kRetryInfoMetadata,
                                 EncodeRetryInfo(retry_after_));
  }
  Finish(ExportFailure(why, retry_after_));
}

void ExportCall::OnStored(const absl::Status& status, uint32_t rejected) {
  if (!status.ok()) {
    Fail(absl::UnavailableError(
        absl::StrCat("the records were not stored: ", status.message())));
    return;
  }
  // Not before: a request that is sent again has them again.
  if (rejected > 0) {
    ingest_.ledger().Count(LossReason::kRecordRejected, rejected);
  }
  Finish(grpc::Status::OK);
}

}  // namespace logboom
