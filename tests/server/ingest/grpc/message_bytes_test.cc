#include "server/ingest/grpc/message_bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/testing/gzip_bytes.h"

namespace logboom {
namespace {

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

TEST(MessageBytesTest, JoinsSlicesAndKeepsThemAliveInACord) {
  const grpc::Slice small[] = {grpc::Slice("small")};
  const grpc::Slice one[] = {grpc::Slice(std::string(5000, 'a'))};
  const grpc::Slice two[] = {grpc::Slice(std::string(5000, 'a')),
                             grpc::Slice(std::string(5000, 'b'))};
  absl::Cord whole;
  absl::Cord inlined;
  absl::Cord joined;
  {
    const absl::StatusOr<MessageBytes> bytes =
        MessageBytes::FromBuffer(grpc::ByteBuffer(one, 1));
    ASSERT_TRUE(bytes.ok());
    whole = bytes->Share(bytes->view());
    EXPECT_EQ(whole.TryFlat()->data(), bytes->view().data()) << "not shared";
  }
  {
    const absl::StatusOr<MessageBytes> bytes =
        MessageBytes::FromBuffer(grpc::ByteBuffer(small, 1));
    ASSERT_TRUE(bytes.ok());
    inlined = bytes->Share(bytes->view());
  }
  {
    const absl::StatusOr<MessageBytes> bytes =
        MessageBytes::FromBuffer(grpc::ByteBuffer(two, 2));
    ASSERT_TRUE(bytes.ok());
    joined = bytes->Share(bytes->view().substr(1000, 8000));
  }
  EXPECT_EQ(whole, std::string(5000, 'a'));
  EXPECT_EQ(inlined, "small");
  EXPECT_EQ(joined, std::string(4000, 'a') + std::string(4000, 'b'));
}

TEST(MessageBytesTest, ARequestIsInflatedWhereItIsGzip) {
  const std::string plain(10'000, 'a');
  const auto as_it_came = MessageBytes::FromRequest(BufferOf(plain), 100);
  ASSERT_TRUE(as_it_came.ok()) << "the limit is that of inflating";
  EXPECT_EQ(as_it_came->view(), absl::string_view(plain));
  const auto inflated =
      MessageBytes::FromRequest(BufferOf(testing::Gzip(plain)), 10'000);
  ASSERT_TRUE(inflated.ok()) << inflated.status();
  EXPECT_EQ(inflated->view(), absl::string_view(plain));
  absl::Cord kept;
  {
    const auto gone =
        MessageBytes::FromRequest(BufferOf(testing::Gzip(plain)), 10'000);
    kept = gone->Share(gone->view());
  }
  EXPECT_EQ(kept, plain) << "the Cord keeps the inflated bytes alive";
}

TEST(MessageBytesTest, ARequestIsInflatedToItsLimitAndNoFurther) {
  const grpc::ByteBuffer buffer =
      BufferOf(testing::Gzip(std::string(100, 'a')));
  EXPECT_TRUE(MessageBytes::FromRequest(buffer, 100).ok());
  EXPECT_EQ(MessageBytes::FromRequest(buffer, 99).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(MessageLimitTest, LeavesRoomToAnswerALargerBatch) {
  EXPECT_EQ(MessageLimit(1000), 2064);
  EXPECT_EQ(MessageLimit(int64_t{1} << 40), 2'147'483'647) << "gRPC's own";
}

}  // namespace
}  // namespace logboom
