#ifndef LOGBOOM_TESTS_SERVER_INGEST_PUBLISH_PUBLISH_FIXTURE_H_
#define LOGBOOM_TESTS_SERVER_INGEST_PUBLISH_PUBLISH_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/ingest/publish/grpc_server.h"
#include "tests/testing/fake_journal.h"
#include "tests/testing/raw_publish_client.h"

namespace logboom {

inline constexpr char kProducer[] = "0123456789abcdef";
inline constexpr char kOtherProducer[] = "fedcba9876543210";
inline constexpr int64_t kBatchBytes = 64 << 10;

// What a stream hears first: "opened 3 65536".
inline std::string Opened(uint64_t last_sequence) {
  return absl::StrCat("opened ", last_sequence, " ", kBatchBytes);
}

inline bool SendBatch(RawPublishClient& client, const v1::LogBatch& batch) {
  return client.SendBatchBytes(batch.SerializeAsString());
}

// A batch whose record is broken.
inline std::string BrokenBatch(uint64_t sequence) {
  v1::LogBatch sequence_only;
  sequence_only.set_sequence(sequence);
  // Field 1, three bytes that are no LogRecord.
  return absl::StrCat(sequence_only.SerializeAsString(),
                      "\x0a\x03\x2a\x7f\x01");
}

// What the stream ended with: "INVALID_ARGUMENT".
inline std::string EndOf(RawPublishClient& client) {
  EXPECT_EQ(client.Next(), "end");
  return absl::StatusCodeToString(
      static_cast<absl::StatusCode>(client.Finish().error_code()));
}

// A server on a free port of the loopback, over a journal that the test holds.
class PublishFixture : public ::testing::Test {
 protected:
  void Start(IngestOptions options = {.batch_bytes = kBatchBytes}) {
    ingest_ = std::make_unique<Ingest>(options, &journal_);
    absl::StatusOr<std::unique_ptr<GrpcServer>> server =
        GrpcServer::Start({.address = {"127.0.0.1", 0}}, ingest_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void TearDown() override {
    server_ = nullptr;
    journal_.Stop();
  }

  const std::string& address() const { return server_->address(); }

  // A stream that has asked for a session.
  std::unique_ptr<RawPublishClient> AskForSession(
      absl::string_view producer = kProducer) {
    auto client = std::make_unique<RawPublishClient>(address());
    EXPECT_TRUE(client->SendOpen(producer));
    return client;
  }

  // A stream whose session is open, with so much stored before it.
  std::unique_ptr<RawPublishClient> OpenStream(
      absl::string_view producer = kProducer, uint64_t last_sequence = 0) {
    auto client = AskForSession(producer);
    EXPECT_EQ(client->Next(), Opened(last_sequence));
    return client;
  }

  // The server is alive, and had its chance to do what it should not.
  void GiveItTheChance() {
    EXPECT_TRUE(
        CallUnary(address(), "/grpc.health.v1.Health/Check", "").has_value());
  }

  FakeJournal journal_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_INGEST_PUBLISH_PUBLISH_FIXTURE_H_
