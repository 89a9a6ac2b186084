#ifndef LOGBOOM_SERVER_INGEST_OTLP_OTLP_SERVICE_H_
#define LOGBOOM_SERVER_INGEST_OTLP_OTLP_SERVICE_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "absl/time/time.h"
#include "server/ingest/grpc/open_calls.h"
#include "server/ingest/ingest.h"
#include "server/ingest/otlp/export_call.h"

namespace logboom {

// The service opentelemetry.proto.collector.logs.v1.LogsService: OTLP's logs
// over gRPC. A request of Export comes as bytes and is journalled as it came,
// one entry each, and answered when that is synced. Requests under way have no
// order between them.
//
// A request that will never be taken ends INVALID_ARGUMENT; one that may be
// taken later UNAVAILABLE with a RetryInfo (export_answer.h). Records that are
// malformed inside cost only themselves: partial_success counts them. What is
// refused for good is counted in the loss ledger.
//
// Export is served as a stream of requests of which the first is taken, which
// on the wire is the same as a unary call: gRPC would read a unary call's
// request before it asks us, however many come at once.
//
// Thread-safe. The server it is registered with must have been shut down before
// it goes.
class OtlpService final : public grpc::Service {
 public:
  // `ingest` must outlive this object and every append handed to it.
  // `retry_after`: what clients are told to wait before they try again.
  OtlpService(Ingest* ingest, absl::Duration retry_after);

  // Refuses each new request, and those that are not here yet, as UNAVAILABLE;
  // others are answered when they are stored.
  void Drain();

 private:
  grpc::ServerReadReactor<grpc::ByteBuffer>* Export(
      grpc::CallbackServerContext* context, grpc::ByteBuffer* response);

  Ingest& ingest_;
  const absl::Duration retry_after_;
  OpenCalls<ExportCall> calls_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_OTLP_OTLP_SERVICE_H_
