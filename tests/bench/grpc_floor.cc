#include "tests/bench/grpc_floor.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/mutex.h"
#include "logboom/v1/ingest.grpc.pb.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"
#include "server/ingest/grpc/stream_window.h"

namespace logboom {
namespace {

// As server/ingest has them.
constexpr int kFrameBytes = 1 << 20;
constexpr int kMessageLimitBytes = 8 << 20;

void WriteMessage(const grpc::ByteBuffer& message, const WrittenOnce& file) {
  std::vector<grpc::Slice> slices;
  message.Dump(&slices).ok();
  std::vector<iovec> pieces;
  pieces.reserve(slices.size());
  for (const grpc::Slice& slice : slices) {
    pieces.push_back({const_cast<uint8_t*>(slice.begin()), slice.size()});
  }
  file.Append(pieces);
}

grpc::ByteBuffer Encode(const v1::PublishResponse& response) {
  const std::string bytes = response.SerializeAsString();
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// Reads on while an answer is being written: the next answer is for all that
// came meanwhile.
class Stream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Stream(const WrittenOnce* file) : file_(*file) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (ok) WriteMessage(request_, file_);
    MutexLock lock(&mu_);
    if (ok) {
      ++received_;
      StartRead(&request_);
    } else {
      ended_ = true;
    }
    if (!writing_) GoOnLocked();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(&mu_);
    writing_ = false;
    GoOnLocked();
  }

  void OnDone() override { delete this; }

 private:
  void GoOnLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (answered_ < received_) {
      writing_ = true;
      response_ = NextAnswerLocked();
      StartWrite(&response_);
    } else if (ended_) {
      Finish(grpc::Status::OK);
    }
  }

  grpc::ByteBuffer NextAnswerLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    v1::PublishResponse response;
    if (answered_ == 0) {
      answered_ = 1;
      response.mutable_opened()->set_max_batch_bytes(kMessageLimitBytes / 2);
    } else {
      answered_ = received_;
      response.mutable_ack()->set_sequence(answered_ - 1);
    }
    return Encode(response);
  }

  const WrittenOnce& file_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  Mutex mu_;
  uint64_t received_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mu_) = 0;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

class PublishFloor final : public v1::LogIngest::WithRawCallbackMethod_Publish<
                               v1::LogIngest::Service> {
 public:
  explicit PublishFloor(const WrittenOnce* file) : file_(*file) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Publish(
      grpc::CallbackServerContext* context) override {
    return new Stream(&file_);
  }

 private:
  const WrittenOnce& file_;
};

using opentelemetry::proto::collector::logs::v1::LogsService;

class ExportFloor final
    : public LogsService::WithRawCallbackMethod_Export<LogsService::Service> {
 public:
  explicit ExportFloor(const WrittenOnce* file) : file_(*file) {}

  grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override {
    WriteMessage(*request, file_);
    const grpc::Slice empty;
    *response = grpc::ByteBuffer(&empty, 1);
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const WrittenOnce& file_;
};

}  // namespace

GrpcFloor::GrpcFloor(const WrittenOnce* file)
    : publish_(std::make_unique<PublishFloor>(file)),
      export_(std::make_unique<ExportFloor>(file)) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.SetMaxReceiveMessageSize(kMessageLimitBytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
                             static_cast<int>(kStreamWindowBytes));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, kFrameBytes);
  builder.RegisterService(publish_.get());
  builder.RegisterService(export_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) std::exit(1);
  address_ = absl::StrCat("127.0.0.1:", port);
}

GrpcFloor::~GrpcFloor() {
  server_->Shutdown(std::chrono::system_clock::time_point());
}

}  // namespace logboom
