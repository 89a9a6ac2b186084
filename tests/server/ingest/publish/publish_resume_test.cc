// A session that goes on over several streams: what is stored of it, what is
// acknowledged, what is counted.

#include <gmock/gmock.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ingest/publish/publish_service.h"
#include "tests/server/ingest/publish/publish_fixture.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

class PublishResumeTest : public PublishFixture {
 protected:
  // Stores batches 1 to `last` on a stream of their own.
  void StoreUpTo(uint64_t last) {
    auto client = OpenStream();
    for (uint64_t sequence = 1; sequence <= last; ++sequence) {
      const size_t index = journal_.appends();
      ASSERT_TRUE(SendBatch(*client, MakeBatch(sequence)));
      ASSERT_TRUE(journal_.WaitForAppends(index + 1));
      journal_.Complete(index);
      ASSERT_EQ(client->Next(), absl::StrCat("ack ", sequence));
    }
  }
};

TEST_F(PublishResumeTest, SaysTheLastSequenceStored) {
  Start();
  StoreUpTo(3);
  auto client = OpenStream(kProducer, 3);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(4)));
  ASSERT_TRUE(journal_.WaitForAppends(4));
  EXPECT_EQ(journal_.entry(3).sequence, 4u);
  journal_.Complete(3);
  EXPECT_EQ(client->Next(), "ack 4");
}

TEST_F(PublishResumeTest, ANewEpochAndANewProducerStartAtNothing) {
  Start();
  StoreUpTo(3);
  RawPublishClient restarted(address());
  ASSERT_TRUE(restarted.SendOpen(kProducer, v1::ACK_DEPTH_SYNCED,
                                 RawPublishClient::kEpoch + 1));
  EXPECT_EQ(restarted.Next(), Opened(0));
  ASSERT_TRUE(SendBatch(restarted, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(4)) << "not a duplicate";
  journal_.Complete(3);
  OpenStream(kOtherProducer, 0);
}

TEST_F(PublishResumeTest, StoresADuplicateOnceAndAcknowledgesItAgain) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  EXPECT_EQ(journal_.entry(1).sequence, 2u);
  journal_.Complete(1);
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 2") << "1 had no ack before it was stored";
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  EXPECT_EQ(client->Next(), "ack 2");
  EXPECT_EQ(journal_.appends(), 2u);
}

TEST_F(PublishResumeTest, AcknowledgesAtOnceWhatIsSentAgainOnANewStream) {
  Start();
  StoreUpTo(3);
  auto client = OpenStream(kProducer, 3);
  for (const uint64_t sequence : {2, 3}) {
    ASSERT_TRUE(SendBatch(*client, MakeBatch(sequence)));
    EXPECT_EQ(client->Next(), "ack 3");
  }
  EXPECT_EQ(journal_.appends(), 3u);
}

// The client sends the batch again without waiting for SessionOpened.
TEST_F(PublishResumeTest, ABatchSentAgainWaitsForItsOriginalInFlight) {
  Start();
  auto lost = OpenStream();
  ASSERT_TRUE(SendBatch(*lost, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  lost = nullptr;
  auto client = AskForSession();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2)));
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), Opened(1));
  EXPECT_EQ(client->Next(), "ack 1");
  ASSERT_TRUE(journal_.WaitForAppends(2));
  EXPECT_EQ(journal_.entry(1).sequence, 2u);
}

TEST_F(PublishResumeTest, StoresABatchSentAgainWhoseOriginalFailed) {
  Start();
  auto lost = OpenStream();
  ASSERT_TRUE(SendBatch(*lost, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  auto client = AskForSession();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.Fail(0, absl::UnavailableError("disk full"));
  EXPECT_EQ(client->Next(), Opened(0));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  EXPECT_EQ(journal_.entry(1).sequence, 1u);
  journal_.Complete(1);
  EXPECT_EQ(client->Next(), "ack 1");
}

TEST_F(PublishResumeTest, AcceptsAGapAndCountsWhatIsMissing) {
  Start();
  journal_.CompleteAllFromNowOn();
  auto client = OpenStream();
  for (const uint64_t sequence : {10, 11, 15}) {
    ASSERT_TRUE(SendBatch(*client, MakeBatch(sequence)));
    EXPECT_EQ(client->Next(), absl::StrCat("ack ", sequence));
  }
  EXPECT_EQ(journal_.ledger().totals().ToString(), "sequence_gap 3")
      << "nothing is known before a producer's first";
}

// A gap belongs to the batch behind it: when that fails it is counted with the
// one that is sent again, once.
TEST_F(PublishResumeTest, CountsAGapAcrossStreamsOnce) {
  Start();
  StoreUpTo(3);
  auto failing = OpenStream(kProducer, 3);
  ASSERT_TRUE(SendBatch(*failing, MakeBatch(6)));
  ASSERT_TRUE(journal_.WaitForAppends(4));
  journal_.Fail(3, absl::UnavailableError("disk full"));
  EXPECT_EQ(EndOf(*failing), "UNAVAILABLE");
  EXPECT_EQ(journal_.ledger().totals().ToString(), "none");
  auto client = OpenStream(kProducer, 3);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(6)));
  ASSERT_TRUE(journal_.WaitForAppends(5));
  journal_.Complete(4);
  EXPECT_EQ(client->Next(), "ack 6");
  EXPECT_EQ(journal_.ledger().totals().ToString(), "sequence_gap 2");
}

TEST_F(PublishResumeTest, ARejectionUsesItsSequenceOnLaterStreamsToo) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(1)));
  EXPECT_EQ(client->Next(), "rejected 1 INVALID_ARGUMENT");
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 1");
  client = OpenStream(kProducer, 1);
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(1)));
  EXPECT_EQ(client->Next(), "ack 1") << "and not rejected again";
  EXPECT_EQ(journal_.ledger().totals().ToString(), "batch_rejected 1");
}

TEST_F(PublishResumeTest, ARejectionThatWasNotStoredIsRejectedAgain) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(1)));
  EXPECT_EQ(client->Next(), "rejected 1 INVALID_ARGUMENT");
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Fail(0, absl::UnavailableError("disk full"));
  EXPECT_EQ(EndOf(*client), "UNAVAILABLE");
  client = OpenStream();
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(1)));
  EXPECT_EQ(client->Next(), "rejected 1 INVALID_ARGUMENT");
  ASSERT_TRUE(journal_.WaitForAppends(2));
  journal_.Complete(1);
  EXPECT_EQ(client->Next(), "ack 1");
  EXPECT_EQ(journal_.ledger().totals().ToString(), "batch_rejected 1");
}

TEST_F(PublishResumeTest, NothingIsLookedUpForAnonymousStreams) {
  Start();
  journal_.CompleteAllFromNowOn();
  RawPublishClient first(address());
  RawPublishClient second(address());
  for (RawPublishClient* client : {&first, &second, &first}) {
    ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  }
  EXPECT_EQ(second.Next(), "ack 1");
  first.CloseSending();
  std::string last;
  for (std::string next; (next = first.Next()) != "end";) last = next;
  EXPECT_EQ(last, "ack 2");
  EXPECT_EQ(journal_.lookups(), 0u);
  EXPECT_EQ(journal_.appends(), 3u);
}

TEST_F(PublishResumeTest, ReadsNothingBeforeItHasSaidSessionOpened) {
  Start();
  journal_.HoldLookups();
  auto client = AskForSession();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(5)));
  ASSERT_TRUE(journal_.WaitForLookups(1));
  GiveItTheChance();
  EXPECT_EQ(journal_.appends(), 0u);
  journal_.AnswerLookup(0, 4);
  EXPECT_EQ(client->Next(), Opened(4));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_EQ(journal_.entry(0).sequence, 5u);
}

TEST_F(PublishResumeTest, EndsUnavailableWhenTheJournalCannotSay) {
  Start();
  journal_.HoldLookups();
  auto client = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(1));
  journal_.AnswerLookup(0, absl::UnavailableError("the disk fails"));
  EXPECT_EQ(client->Next(), "end");
  const grpc::Status end = client->Finish();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(end.error_message(), HasSubstr("the disk fails"));
}

TEST_F(PublishResumeTest, EndsUnavailableWhenTheJournalHasStopped) {
  Start();
  journal_.Stop();
  EXPECT_EQ(EndOf(*AskForSession()), "UNAVAILABLE");
}

// The journal's answer finds a stream that gRPC is done with, and a service
// that is gone (AddressSanitizer looks).
TEST_F(PublishResumeTest, AnAnswerMayComeWhenTheStreamIsGone) {
  Start();
  journal_.HoldLookups();
  auto client = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(1));
  client->Cancel();
  client = nullptr;
  server_ = nullptr;  // waits until the stream has ended
  journal_.AnswerLookup(0, 3);
}

// A client whose stream was cut while it was opening tries again.
TEST_F(PublishResumeTest, AStreamThatWasCutWhileOpeningIsInNobodysWay) {
  Start();
  journal_.HoldLookups();
  auto client = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(1));
  client = nullptr;
  client = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.AnswerLookup(1, 3);
  EXPECT_EQ(client->Next(), Opened(3));
  journal_.AnswerLookup(0, 3);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(4)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
}

// A service in the test's own hands.
class PublishResumeServiceTest : public PublishResumeTest {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&service_);
    serving_ = builder.BuildAndStart();
    ASSERT_NE(serving_, nullptr);
  }
  void TearDown() override {
    serving_->Shutdown();
    PublishResumeTest::TearDown();
  }

  std::unique_ptr<RawPublishClient> Ask() {
    auto client =
        std::make_unique<RawPublishClient>(absl::StrCat("127.0.0.1:", port_));
    EXPECT_TRUE(client->SendOpen(kProducer));
    return client;
  }

  Ingest own_ingest_{{.batch_bytes = kBatchBytes}, &journal_};
  PublishService service_{&own_ingest_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> serving_;
};

TEST_F(PublishResumeServiceTest, SaysSessionOpenedBeforeItTellsToDrain) {
  journal_.HoldLookups();
  auto client = Ask();
  ASSERT_TRUE(journal_.WaitForLookups(1));
  service_.Drain(absl::Seconds(1));
  journal_.AnswerLookup(0, 3);
  EXPECT_EQ(client->Next(), Opened(3));
  EXPECT_EQ(client->Next(), "drain 1s");
  client->CloseSending();
  EXPECT_EQ(EndOf(*client), "OK");
}

TEST_F(PublishResumeServiceTest, ForgetsAProducerWithItsStreams) {
  auto older = Ask();
  EXPECT_EQ(older->Next(), Opened(0));
  journal_.HoldLookups();
  auto newer = Ask();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  EXPECT_EQ(service_.open_sessions(), 1u);
  newer->Cancel();
  serving_->Shutdown();  // waits until the streams have ended
  EXPECT_EQ(service_.open_sessions(), 0u);
  journal_.AnswerLookup(1, 0);
}

}  // namespace
}  // namespace logboom
