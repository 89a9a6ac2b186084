#include "base/grpc_status.h"

#include "gtest/gtest.h"

namespace logboom {
namespace {

TEST(GrpcStatusTest, EveryCodeSurvivesBothWays) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "why");
    const grpc::Status over = ToGrpcStatus(status);
    EXPECT_EQ(over.error_code(), code);
    EXPECT_EQ(over.error_message(), "why");
    EXPECT_EQ(FromGrpcStatus(over), status);
  }
}

TEST(GrpcStatusTest, OkHasNoMessage) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status(grpc::OK, "ignored")).ok());
}

// The names of both libraries, so that their numbers are held against each
// other and not against themselves.
TEST(GrpcStatusTest, CodesOfOneNameAreTheSame) {
  EXPECT_EQ(ToGrpcStatus(absl::InvalidArgumentError("")).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ToGrpcStatus(absl::ResourceExhaustedError("")).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ToGrpcStatus(absl::AbortedError("")).error_code(),
            grpc::StatusCode::ABORTED);
  EXPECT_EQ(ToGrpcStatus(absl::UnavailableError("")).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::StatusCode::CANCELLED, "")),
            absl::CancelledError(""));
}

}  // namespace
}  // namespace logboom
