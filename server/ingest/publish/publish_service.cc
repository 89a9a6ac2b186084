#include "server/ingest/publish/publish_service.h"

#include <memory>

#include "absl/status/status.h"

namespace logboom {

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
PublishService::Publish(grpc::CallbackServerContext* context) {
  auto stream = std::make_shared<PublishStream>(
      &ingest_, &producers_, observer_,
      [this](PublishStream* gone) { streams_.Remove(gone); });
  if (streams_.Add(stream)) {
    stream->Start();
  } else {
    stream->End(absl::UnavailableError("the server is stopping"));
  }
  return stream.get();
}

void PublishService::Drain(absl::Duration retry_after) {
  for (const std::shared_ptr<PublishStream>& stream : streams_.Drain()) {
    stream->Drain(retry_after);
  }
}

}  // namespace logboom
