#ifndef LOGBOOM_SERVER_INGEST_GRPC_GRPC_SERVER_H_
#define LOGBOOM_SERVER_INGEST_GRPC_GRPC_SERVER_H_

#include <grpcpp/server.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/host_port.h"
#include "server/ingest/admission.h"
#include "server/ingest/ingest.h"
#include "server/ingest/otlp/otlp_service.h"
#include "server/ingest/publish/publish_service.h"

namespace logboom {

struct GrpcServerOptions {
  HostPort address = {"127.0.0.1", 4317};
  // What clients are told to wait before they reconnect, or export again.
  absl::Duration retry_after = absl::Seconds(1);
  // Hears of the sessions of Publish; null: nobody. These and it must outlive
  // the server.
  SessionObserver* observer = nullptr;
  // Served beside Publish and OTLP's Export.
  std::vector<grpc::Service*> services = {};
};

// The gRPC port: Publish, OTLP's Export, other services of the options, health
// (grpc.health.v1) and reflection. Requests run on gRPC's own threads. Nothing
// is encrypted or authenticated yet.
//
// gRPC inflates nothing, because it would do so without a bound: Publish and
// Export take gzip and inflate it themselves, up to the limit on a message. To
// the other services a compressed request, which no client makes of one as
// small as theirs, is bytes that they cannot parse. Other compressions are
// refused (UNIMPLEMENTED).
//
// Thread-safe.
class GrpcServer {
 public:
  // Listens and serves from now on. `ingest` must outlive this object and every
  // append handed to it: shut down first, then stop the journal.
  // Errors: FAILED_PRECONDITION, the address cannot be listened on, naming it.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const GrpcServerOptions& options, Ingest* ingest);

  // Shuts down at once unless Shutdown was called.
  ~GrpcServer();

  // "127.0.0.1:4317": the bound address, with the port that port 0 got.
  const std::string& address() const { return address_; }
  uint16_t port() const { return port_; }

  // Takes no new streams, tells those there are to drain, and waits until they
  // have ended and every Export under way is answered; cuts what is left at
  // `deadline`. Needs the journal to be still running. Health says NOT_SERVING
  // from here on. Idempotent.
  void Shutdown(absl::Time deadline);

 private:
  GrpcServer(const GrpcServerOptions& options, Ingest* ingest);
  absl::Status Listen(const GrpcServerOptions& options,
                      const IngestOptions& ingest);

  const absl::Duration retry_after_;
  PublishService publish_;
  OtlpService otlp_;
  std::string address_;
  uint16_t port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // goes first
  Admission& admission_;
  std::thread ticker_;  // ends what waits for room for too long
};

// Sends what gRPC's library itself logs through base/diagnostics.h: errors only
// unless GRPC_VERBOSITY says otherwise. Call once, before any thread starts.
void SendGrpcLogToDiagnostics();

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_GRPC_GRPC_SERVER_H_
