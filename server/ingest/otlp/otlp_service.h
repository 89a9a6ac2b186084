#ifndef LOGBOOM_SERVER_INGEST_OTLP_OTLP_SERVICE_H_
#define LOGBOOM_SERVER_INGEST_OTLP_OTLP_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"
#include "server/ingest/ingest.h"

namespace logboom {

// The service opentelemetry.proto.collector.logs.v1.LogsService: OTLP's logs
// over gRPC. Export is a raw method: a request comes as bytes and is journalled
// as it came, one entry each, and answered when that is synced. Requests under
// way have no order between them.
//
// A request that will never be taken ends INVALID_ARGUMENT; one that may be
// taken later UNAVAILABLE with a RetryInfo (export_answer.h). Records that are
// malformed inside cost only themselves: partial_success counts them. What is
// refused for good is counted in the loss ledger.
//
// A call is checked and appended on the thread of gRPC's that brings it, and
// finished on the journal's. Its reactor belongs to gRPC, which frees it, the
// response and the context after it was finished; it is finished exactly once,
// also when its client has gone. So nothing here outlives the call.
//
// Thread-safe. The server it is registered with must have been shut down before
// it goes.
class OtlpService final
    : public opentelemetry::proto::collector::logs::v1::LogsService::
          WithRawCallbackMethod_Export<
              opentelemetry::proto::collector::logs::v1::LogsService::Service> {
 public:
  // `ingest` must outlive this object and every append handed to it.
  // `retry_after`: what clients are told to wait before they try again.
  OtlpService(Ingest* ingest, absl::Duration retry_after)
      : ingest_(*ingest), retry_after_(retry_after) {}

  grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;

  // Refuses each new request as UNAVAILABLE; those under way are answered.
  void Drain() { draining_.store(true, std::memory_order_relaxed); }

 private:
  // Hands the request to the journal, which finishes the call. Errors: it was
  // not, and the call is to be finished with this.
  absl::Status Take(const grpc::ByteBuffer& request, grpc::ByteBuffer* response,
                    grpc::ServerUnaryReactor* call);
  // Finishes the call. `rejected` of its records were left out.
  void OnStored(const absl::Status& status, uint32_t rejected,
                grpc::ServerUnaryReactor* call);

  Ingest& ingest_;
  const absl::Duration retry_after_;
  std::atomic<bool> draining_{false};
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_OTLP_OTLP_SERVICE_H_
