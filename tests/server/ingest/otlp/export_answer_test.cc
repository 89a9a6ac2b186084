#include "server/ingest/otlp/export_answer.h"

#include <gtest/gtest.h>

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"

namespace logboom {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  EXPECT_TRUE(buffer.DumpToSingleSlice(&slice).ok());
  return std::string(slice.begin(), slice.end());
}

// The specification: partial_success must be left unset then.
TEST(ExportAnswerTest, AWholeSuccessIsAnEmptyMessage) {
  EXPECT_EQ(BytesOf(EncodeExportResponse({})), "");
}

TEST(ExportAnswerTest, APartialSuccessSaysHowManyAndWhy) {
  opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse response;
  ASSERT_TRUE(response.ParseFromString(BytesOf(EncodeExportResponse(
      {.count = 3, .first = absl::InvalidArgumentError("record 1, byte 7")}))));
  EXPECT_EQ(response.partial_success().rejected_log_records(), 3);
  EXPECT_EQ(response.partial_success().error_message(),
            "3 malformed; the first: record 1, byte 7");
}

TEST(ExportAnswerTest, WhatCanBeTriedAgainSaysWhen) {
  const grpc::Status status =
      ExportFailure(absl::UnavailableError("full"), absl::Milliseconds(250));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(details.message(), "full");
  ASSERT_EQ(details.details_size(), 1);
  EXPECT_EQ(details.details(0).type_url(),
            "type.googleapis.com/google.rpc.RetryInfo");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(details.details(0).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
}

TEST(ExportAnswerTest, WhatIsForGoodSaysNothingOfAnotherTry) {
  for (const absl::Status& why : {absl::InvalidArgumentError("bad"),
                                  absl::ResourceExhaustedError("large")}) {
    const grpc::Status status = ExportFailure(why, absl::Seconds(1));
    EXPECT_EQ(static_cast<int>(status.error_code()),
              static_cast<int>(why.code()));
    EXPECT_EQ(status.error_details(), "");
  }
}

}  // namespace
}  // namespace logboom
