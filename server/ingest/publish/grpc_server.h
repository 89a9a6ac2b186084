#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_GRPC_SERVER_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_GRPC_SERVER_H_

#include <grpcpp/server.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/host_port.h"
#include "server/ingest/ingest.h"
#include "server/ingest/publish/publish_service.h"

namespace logboom {

struct GrpcServerOptions {
  HostPort address = {"127.0.0.1", 4317};
  // What a Drain tells clients to wait before they reconnect.
  absl::Duration retry_after = absl::Seconds(1);
  // Hears of the sessions of Publish; null: nobody. These and it must outlive
  // the server.
  SessionObserver* observer = nullptr;
  // Served beside Publish.
  std::vector<grpc::Service*> services = {};
};

// The gRPC port: Publish, other services of the options, health
// (grpc.health.v1) and reflection. Requests run
// on gRPC's own threads. Nothing is encrypted or authenticated yet.
//
// Compressed messages are refused (UNIMPLEMENTED): gRPC would inflate them
// without a bound before anything here sees them.
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
  // have ended; cuts what is left at `deadline`. Needs the journal to be still
  // running. Health says NOT_SERVING from here on. Idempotent.
  void Shutdown(absl::Time deadline);

 private:
  GrpcServer(const GrpcServerOptions& options, Ingest* ingest);
  absl::Status Listen(const GrpcServerOptions& options, int64_t batch_bytes);

  const absl::Duration retry_after_;
  PublishService publish_;
  std::string address_;
  uint16_t port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // goes first
};

// Sends what gRPC's library itself logs through base/diagnostics.h: errors only
// unless GRPC_VERBOSITY says otherwise. Call once, before any thread starts.
void SendGrpcLogToDiagnostics();

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_GRPC_SERVER_H_
