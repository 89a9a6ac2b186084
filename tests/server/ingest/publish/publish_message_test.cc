#include "server/ingest/publish/publish_message.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

v1::OpenSession WholeOpen() {
  v1::OpenSession open;
  open.set_producer_id("0123456789abcdef");
  open.set_session_epoch(42);
  open.mutable_resource()->add_attributes()->set_key("service.name");
  open.set_ack_depth(v1::ACK_DEPTH_WRITTEN);
  return open;
}

TEST(PublishMessageTest, FindsEveryKind) {
  using Kind = PublishMessage::Kind;
  v1::PublishRequest request;
  EXPECT_EQ(ReadPublishMessage(request.SerializeAsString())->kind, Kind::kNone);
  *request.mutable_open() = WholeOpen();
  EXPECT_EQ(ReadPublishMessage(request.SerializeAsString())->kind, Kind::kOpen);
  request.mutable_batch()->set_sequence(3);
  const std::string batch = request.SerializeAsString();
  EXPECT_EQ(ReadPublishMessage(batch)->kind, Kind::kBatch);
  EXPECT_EQ(ReadPublishMessage(batch)->body,
            absl::string_view(request.batch().SerializeAsString()));
  request.mutable_levels_applied();
  EXPECT_EQ(ReadPublishMessage(request.SerializeAsString())->kind,
            Kind::kLevelsApplied);
}

TEST(PublishMessageTest, TakesTheLastKindAndSkipsUnknownFields) {
  std::string message;
  MessageWriter writer(&message);
  writer.Bytes(1, "open");
  writer.Bytes(2, "batch");
  writer.Bytes(77, "from the future");
  writer.Varint(2, 1);  // another wire type: unknown too
  const absl::StatusOr<PublishMessage> read = ReadPublishMessage(message);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->kind, PublishMessage::Kind::kBatch);
  EXPECT_EQ(read->body, "batch");
}

TEST(PublishMessageTest, RefusesAMessageCutAnywhere) {
  v1::PublishRequest request;
  *request.mutable_open() = WholeOpen();
  const std::string whole = request.SerializeAsString();
  for (size_t cut = 1; cut < whole.size(); ++cut) {
    EXPECT_EQ(ReadPublishMessage(whole.substr(0, cut)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << "cut after byte " << cut;
  }
}

TEST(PublishMessageTest, ReadsAnOpenSession) {
  const v1::OpenSession sent = WholeOpen();
  const std::string encoded = sent.SerializeAsString();
  const absl::StatusOr<OpenMessage> open = ReadOpenMessage(encoded);
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(std::string(open->producer_id.begin(), open->producer_id.end()),
            sent.producer_id());
  EXPECT_EQ(open->epoch, 42u);
  EXPECT_EQ(open->depth, AckDepth::kWritten);
  EXPECT_EQ(open->resource,
            absl::string_view(sent.resource().SerializeAsString()));
}

TEST(PublishMessageTest, PromisesTheDiskUnlessToldOtherwise) {
  v1::OpenSession sent = WholeOpen();
  for (const int depth : {0, 1, 3, 99}) {
    sent.set_ack_depth(static_cast<v1::AckDepth>(depth));
    EXPECT_EQ(ReadOpenMessage(sent.SerializeAsString())->depth,
              AckDepth::kSynced)
        << depth;
  }
}

TEST(PublishMessageTest, KeepsAResourceThatIsNotUtf8) {
  v1::OpenSession sent = WholeOpen();
  std::string resource;
  MessageWriter writer(&resource);
  const OpenField pair = writer.Begin(1);
  writer.Bytes(1, "\xff\xfe");
  writer.End(pair);
  sent.clear_resource();
  std::string encoded = sent.SerializeAsString();
  MessageWriter(&encoded).Bytes(3, resource);
  const absl::StatusOr<OpenMessage> open = ReadOpenMessage(encoded);
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(open->resource, absl::string_view(resource));
}

TEST(PublishMessageTest, SaysWhatIsWrongWithAnOpenSession) {
  const auto why = [](const std::string& encoded) {
    return std::string(ReadOpenMessage(encoded).status().message());
  };
  v1::OpenSession sent = WholeOpen();
  sent.set_producer_id("short");
  EXPECT_EQ(why(sent.SerializeAsString()),
            "OpenSession.producer_id has 5 bytes; it must have 16");
  sent = WholeOpen();
  sent.mutable_resource()->mutable_attributes(0)->set_key(
      std::string(kMaxResourceBytes, 'k'));
  EXPECT_TRUE(absl::StrContains(why(sent.SerializeAsString()),
                                "at most 65536 are taken"));
  sent = WholeOpen();
  sent.clear_resource();
  std::string encoded = sent.SerializeAsString();
  MessageWriter(&encoded).Bytes(3, "\x0a\x7f");
  EXPECT_TRUE(absl::StartsWith(why(encoded), "not a Resource: "));
}

}  // namespace
}  // namespace logboom
