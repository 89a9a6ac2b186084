#include "server/ingest/publish/publish_service.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace logboom {

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
PublishService::Publish(grpc::CallbackServerContext* context) {
  auto stream = std::make_shared<PublishStream>(
      &ingest_, &producers_, observer_,
      [this](PublishStream* gone) { Remove(gone); });
  bool draining;
  {
    MutexLock lock(&mu_);
    streams_.emplace(stream.get(), stream);
    draining = draining_;
  }
  if (draining) {
    stream->End(absl::UnavailableError("the server is stopping"));
  } else {
    stream->Start();
  }
  return stream.get();
}

void PublishService::Drain(absl::Duration retry_after) {
  std::vector<std::shared_ptr<PublishStream>> streams;
  {
    MutexLock lock(&mu_);
    draining_ = true;
    for (const auto& [_, stream] : streams_) streams.push_back(stream);
  }
  for (const std::shared_ptr<PublishStream>& stream : streams) {
    stream->Drain(retry_after);
  }
}

void PublishService::Remove(PublishStream* stream) {
  std::shared_ptr<PublishStream> owned;  // destroyed without the lock
  MutexLock lock(&mu_);
  const auto found = streams_.find(stream);
  owned = std::move(found->second);
  streams_.erase(found);
}

}  // namespace logboom
