#include "server/ingest/grpc/grpc_server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "logboom/v1/control.grpc.pb.h"
#include "tests/testing/fake_journal.h"

namespace logboom {
namespace {

// What a service of ours other than Publish and Export makes of a request.
class CountingControl final : public v1::LogControl::Service {
 public:
  grpc::Status ListLevels(grpc::ServerContext*, const v1::ListLevelsRequest*,
                          v1::ListLevelsResponse*) override {
    ++calls;
    return grpc::Status::OK;
  }
  int calls = 0;
};

// Goal: nobody inflates a compressed request of another service, and its client
// is told so.
TEST(GrpcServerTest, CompressedRequestsOfOtherServicesAreNotTaken) {
  FakeJournal journal;
  Ingest ingest({}, &journal);
  CountingControl control;
  auto server = GrpcServer::Start(
      {.address = {"127.0.0.1", 0}, .services = {&control}}, &ingest);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = v1::LogControl::NewStub(grpc::CreateChannel(
      (*server)->address(), grpc::InsecureChannelCredentials()));
  v1::ListLevelsRequest request;
  request.set_service(std::string(10'000, 's'));
  const auto code = [&](grpc_compression_algorithm compression) {
    grpc::ClientContext context;
    context.set_compression_algorithm(compression);
    v1::ListLevelsResponse response;
    return stub->ListLevels(&context, request, &response).error_code();
  };
  EXPECT_EQ(code(GRPC_COMPRESS_NONE), grpc::StatusCode::OK);
  EXPECT_EQ(code(GRPC_COMPRESS_GZIP), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(control.calls, 1);
  *server = nullptr;
  journal.Stop();
}

}  // namespace
}  // namespace logboom
