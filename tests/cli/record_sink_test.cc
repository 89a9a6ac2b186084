#include "cli/record_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "server/ingest/grpc/grpc_server.h"
#include "tests/testing/fake_journal.h"
#include "tests/testing/hand_listener.h"
#include "tests/testing/raw_publish_client.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Long enough for any machine; what should take no time ends long before.
constexpr absl::Duration kPatience = absl::Minutes(1);
// For waits that the test wants to be in vain.
constexpr absl::Duration kSoon = absl::Milliseconds(50);

std::string Records(int count) {
  v1::LogBatch batch = MakeBatch(0, count);
  return batch.SerializeAsString();
}

class GrpcSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<GrpcServer>> server =
        GrpcServer::Start({.address = {"127.0.0.1", 0}}, &ingest_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  void TearDown() override {
    sink_ = nullptr;
    server_ = nullptr;
    journal_.Stop();
  }

  void Open(absl::Duration timeout = kPatience) {
    absl::StatusOr<std::unique_ptr<RecordSink>> sink =
        OpenGrpcSink(server_->address(), "", timeout);
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
  }

  FakeJournal journal_;
  Ingest ingest_{{.batch_bytes = 100'000}, &journal_};
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<RecordSink> sink_;
};

TEST_F(GrpcSinkTest, IsDoneWhenEverythingIsAcknowledged) {
  journal_.CompleteAllFromNowOn();
  Open();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(sink_->Send(Records(3), 3).ok());
  EXPECT_TRUE(sink_->Close().ok());
  EXPECT_EQ(journal_.synced_head(), 300u);
}

// Goal: what the server could not store is sent again, and the outcome is good.
TEST_F(GrpcSinkTest, SendsAgainWhatWasNotStored) {
  Open();
  ASSERT_TRUE(sink_->Send(Records(3), 3).ok());
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Fail(0, absl::UnavailableError("disk full"));
  journal_.CompleteAllFromNowOn();
  EXPECT_TRUE(sink_->Close().ok());
  EXPECT_EQ(journal_.appends(), 2u);
}

TEST_F(GrpcSinkTest, ARecordTheServerDoesNotTakeIsMissing) {
  journal_.CompleteAllFromNowOn();
  Open();
  ASSERT_TRUE(sink_->Send(Records(2), 2).ok());
  v1::LogBatch large;
  large.add_records()->mutable_body()->set_string_value(
      std::string(100'001, 'x'));
  ASSERT_TRUE(sink_->Send(large.SerializeAsString(), 1).ok());
  EXPECT_THAT(std::string(sink_->Close().message()),
              StartsWith("1 of 3 records were not acknowledged: "));
}

TEST_F(GrpcSinkTest, GivesUpWithoutNewsFromTheServer) {
  Open(kSoon);
  ASSERT_TRUE(sink_->Send(Records(1), 1).ok());
  const absl::Status closed = sink_->Close();
  EXPECT_EQ(closed.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(closed.message()),
              StartsWith("1 of 1 records were not acknowledged: no news from"));
}

TEST_F(GrpcSinkTest, SaysHowManyAreMissingWhenTheServerIsGone) {
  Open(kSoon);
  ASSERT_TRUE(sink_->Send(Records(7), 7).ok());
  ASSERT_TRUE(journal_.WaitForAppends(1));
  server_ = nullptr;
  const absl::Status closed = sink_->Close();
  EXPECT_EQ(closed.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(closed.message()),
              StartsWith("7 of 7 records were not acknowledged: "));
}

TEST_F(GrpcSinkTest, SaysWhenThereIsNoServer) {
  const std::string address = server_->address();
  server_ = nullptr;
  const absl::Status status = OpenGrpcSink(address, "", kPatience).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()),
              StartsWith("no session with " + address));
}

TEST(TcpSinkTest, SendsFramesAndWaitsForTheAnsweringClose) {
  HandListener listener;
  std::string received;
  std::thread server([&] { received = listener.ReceiveAll(); });
  absl::StatusOr<std::unique_ptr<RecordSink>> sink =
      OpenTcpSink(listener.address(), kPatience);
  ASSERT_TRUE(sink.ok()) << sink.status();
  const std::string records = Records(20);
  ASSERT_GT(records.size(), 256u);
  EXPECT_TRUE((*sink)->Send(records, 20).ok());
  EXPECT_TRUE((*sink)->Close().ok());
  server.join();
  const std::string length = {0, 0, static_cast<char>(records.size() >> 8),
                              static_cast<char>(records.size())};
  EXPECT_EQ(received, length + records);
}

TEST(TcpSinkTest, IsNotDoneWhenTheServerDoesNotClose) {
  const HandListener silent;
  absl::StatusOr<std::unique_ptr<RecordSink>> sink =
      OpenTcpSink(silent.address(), kSoon);
  ASSERT_TRUE(sink.ok()) << sink.status();
  EXPECT_TRUE((*sink)->Send(Records(1), 1).ok());
  const absl::Status closed = (*sink)->Close();
  EXPECT_EQ(closed.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(closed.message()), HasSubstr("timed out"));
}

TEST(TcpSinkTest, TellsABadAddressFromOneThatNobodyListensOn) {
  for (const char* address : {"", "localhost", "localhost:"}) {
    EXPECT_EQ(OpenTcpSink(address, kSoon).status().code(),
              absl::StatusCode::kInvalidArgument)
        << address;
  }
  std::string address;
  {
    const HandListener gone;
    address = gone.address();
  }
  EXPECT_EQ(OpenTcpSink(address, kPatience).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace logboom
