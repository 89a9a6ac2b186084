#include "tests/bench/discarding_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_callback.h>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/tag_iterator.h"
#include "server/ingest/publish/publish_message.h"

namespace logboom {
namespace {

// The first field of the batches that our client sends.
uint64_t SequenceOf(absl::string_view batch) {
  TagIterator tag(batch);
  return tag.Next() && tag.field() == kBatchSequenceField ? tag.varint() : 0;
}

// One message is read, answered, and then the next: no queue.
class Stream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Stream() { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    const auto bytes = MessageBytes::FromBuffer(request_);
    const auto message = ReadPublishMessage(bytes->view());
    v1::PublishResponse response;
    if (message->kind == PublishMessage::Kind::kOpen) {
      response.mutable_opened()->set_max_batch_bytes(4 << 20);
    } else {
      response.mutable_ack()->set_sequence(SequenceOf(message->body));
    }
    response_ = EncodeMessage(response);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

}  // namespace

class DiscardingServer::Service final
    : public v1::LogIngest::WithRawCallbackMethod_Publish<
          v1::LogIngest::Service> {
 public:
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Publish(
      grpc::CallbackServerContext* context) override {
    return new Stream;
  }
};

DiscardingServer::DiscardingServer() : service_(std::make_unique<Service>()) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

DiscardingServer::~DiscardingServer() {
  server_->Shutdown(absl::ToChronoTime(absl::UnixEpoch()));
}

}  // namespace logboom
