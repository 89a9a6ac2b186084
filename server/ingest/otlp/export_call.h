#ifndef LOGBOOM_SERVER_INGEST_OTLP_EXPORT_CALL_H_
#define LOGBOOM_SERVER_INGEST_OTLP_EXPORT_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/ingest/admission.h"
#include "server/ingest/ingest.h"

namespace logboom {

// One Export. It asks for room, reads its request, checks and appends it, and
// is answered when that is synced.
//
// Who owns it: the service, until OnDone, the last that gRPC calls; besides it
// Admission, while it waits for room or reads. It is finished exactly once: by
// End() up to the moment its request is there, after that by whoever takes it
// on, also when its client has gone.
class ExportCall final : public grpc::ServerReadReactor<grpc::ByteBuffer>,
                         public Admission::Reader,
                         public std::enable_shared_from_this<ExportCall> {
 public:
  // `ingest` must outlive the call and its append; `context` and `response` are
  // gRPC's. `gone` is called in OnDone. `retry_after`: see OtlpService.
  ExportCall(Ingest* ingest, absl::Duration retry_after,
             grpc::CallbackServerContext* context, grpc::ByteBuffer* response,
             absl::AnyInvocable<void(ExportCall*)> gone)
      : ingest_(*ingest),
        retry_after_(retry_after),
        context_(*context),
        response_(response),
        gone_(std::move(gone)) {}

  // Once, when the call is in its owner's hands.
  void Start() ABSL_LOCKS_EXCLUDED(mu_);

  // Ends the call with `why` unless its request is there: then it is answered
  // as what becomes of that.
  void End(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // Admission's calls.
  void OnRoom() override ABSL_LOCKS_EXCLUDED(mu_);
  void OnOverdue() override;

  // gRPC's reactions, on its threads.
  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mu_);
  void OnCancel() override;
  void OnDone() override;

  void ReadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Hands the request to the journal, which finishes the call. Errors: it was
  // not, and the call is to be finished with this.
  absl::Status Take();
  void Fail(const absl::Status& why);  // finishes the call
  // Finishes the call. `rejected` of its records were left out.
  void OnStored(const absl::Status& status, uint32_t rejected);

  Ingest& ingest_;
  const absl::Duration retry_after_;
  grpc::CallbackServerContext& context_;  // these are gRPC's, until OnDone
  grpc::ByteBuffer* const response_;
  absl::AnyInvocable<void(ExportCall*)> gone_;
  grpc::ByteBuffer request_;  // gRPC's while it reads

  Mutex mu_;
  enum class Phase { kWaiting, kReading, kReceived, kEnded };
  Phase phase_ ABSL_GUARDED_BY(mu_) = Phase::kWaiting;
  Admission::Ticket room_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_OTLP_EXPORT_CALL_H_
