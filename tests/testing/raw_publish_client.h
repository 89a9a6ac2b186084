#ifndef LOGBOOM_TESTS_TESTING_RAW_PUBLISH_CLIENT_H_
#define LOGBOOM_TESTS_TESTING_RAW_PUBLISH_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {

// A Publish stream in the test's hands, byte by byte: it can send what no
// client of ours would, and every call returns when its operation is done, so
// that the test is the only one to act. A stream lives a minute at most: what
// should have come by then never will.
//
// Not thread-safe, but one thread may write while another reads.
class RawPublishClient {
 public:
  static constexpr uint64_t kEpoch = 7;

  // Opens the stream. `server` is host:port.
  explicit RawPublishClient(
      const std::string& server,
      grpc_compression_algorithm compression = GRPC_COMPRESS_NONE);
  // Cancels what is left of it.
  ~RawPublishClient();

  // Sends one message: these bytes, or this PublishRequest. False: the stream
  // has ended.
  bool SendBytes(absl::string_view message);
  bool Send(const v1::PublishRequest& request);

  // Sends OpenSession for this producer id.
  bool SendOpen(absl::string_view producer_id,
                v1::AckDepth depth = v1::ACK_DEPTH_SYNCED,
                uint64_t epoch = kEpoch);
  // Sends a PublishRequest whose batch is these bytes.
  bool SendBatchBytes(absl::string_view batch);

  // The next message; nullopt: the stream has ended.
  std::optional<v1::PublishResponse> Read();
  // The next message as text, the way tests compare them: "opened 0 4194304",
  // "ack 3", "rejected 2 INVALID_ARGUMENT", "drain 1s", "end".
  std::string Next();

  // Half-closes: no more messages come from this side.
  void CloseSending();
  // What the stream ended with, after Read returned nullopt.
  grpc::Status Finish();
  // Drops the stream, as a program that is killed would.
  void Cancel() { context_.TryCancel(); }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>>
      stream_;
  bool finished_ = false;
};

// A batch of `records` records of logger "test", with messages "0", "1", ...;
// each at least `record_bytes` long.
v1::LogBatch MakeBatch(uint64_t sequence, int records = 1,
                       size_t record_bytes = 0);

// One unary call of bytes, for what needs no generated stub.
// Nullopt: it failed.
std::optional<std::string> CallUnary(const std::string& server,
                                     const std::string& method,
                                     absl::string_view request);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_RAW_PUBLISH_CLIENT_H_
