#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_SERVICE_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>

#include "absl/time/time.h"
#include "logboom/v1/ingest.grpc.pb.h"
#include "server/ingest/grpc/open_calls.h"
#include "server/ingest/ingest.h"
#include "server/ingest/publish/producer_registry.h"
#include "server/ingest/publish/publish_stream.h"
#include "server/ingest/publish/session_observer.h"

namespace logboom {

// The service logboom.v1.LogIngest: makes a PublishStream of each call and owns
// it until gRPC is done with it. Publish is a raw method: its messages come as
// bytes; reflection lists it like any other.
//
// Thread-safe. The server it is registered with must have been shut down before
// it goes.
class PublishService final
    : public v1::LogIngest::WithRawCallbackMethod_Publish<
          v1::LogIngest::Service> {
 public:
  // `ingest` must outlive this object and every append handed to it;
  // `observer` (null: nobody) this object.
  explicit PublishService(Ingest* ingest, SessionObserver* observer = nullptr)
      : ingest_(*ingest), observer_(observer) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Publish(
      grpc::CallbackServerContext* context) override;

  // Sends Drain on every stream, and ends each new one UNAVAILABLE. The streams
  // live on: a client that half-closes gets all its acks first.
  void Drain(absl::Duration retry_after);

  // Producers whose sessions are open or opening.
  size_t open_sessions() const { return producers_.size(); }

 private:
  Ingest& ingest_;
  SessionObserver* const observer_;
  ProducerRegistry producers_;
  OpenCalls<PublishStream> streams_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_SERVICE_H_
