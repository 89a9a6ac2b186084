#include "server/ingest/publish/publish_service.h"

#include <gmock/gmock.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/ingest/grpc/stream_window.h"
#include "tests/server/ingest/publish/publish_fixture.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

using PublishServiceTest = PublishFixture;

TEST_F(PublishServiceTest, StoresABatchAsItCameWithItsSession) {
  Start();
  auto client = OpenStream();
  v1::LogBatch batch = MakeBatch(1, 2);
  batch.mutable_records(0)->set_time_unix_nano(5);
  ASSERT_TRUE(SendBatch(*client, batch));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  const PendingEntry entry = journal_.entry(0);
  EXPECT_EQ(entry.payload, batch.SerializeAsString());
  EXPECT_EQ(std::string(entry.producer_id.begin(), entry.producer_id.end()),
            kProducer);
  EXPECT_FALSE(entry.anonymous);
  EXPECT_EQ(entry.session_epoch, 7u);
  EXPECT_EQ(entry.sequence, 1u);
  EXPECT_EQ(entry.record_count, 2u);
  EXPECT_EQ(entry.max_time_unix_nano, 5u);
  v1::Resource resource;
  ASSERT_TRUE(resource.ParseFromString(std::string(entry.resource)));
  EXPECT_EQ(resource.attributes(0).value().string_value(), "test");
}

TEST_F(PublishServiceTest, AcknowledgesOnlyWhatTheJournalHasStored) {
  Start();
  auto client = OpenStream();
  for (const uint64_t sequence : {1, 2, 3}) {
    ASSERT_TRUE(SendBatch(*client, MakeBatch(sequence)));
  }
  ASSERT_TRUE(journal_.WaitForAppends(3));
  journal_.Complete(1);
  journal_.Complete(2);
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 3") << "2 and 3 had to wait for 1";
}

TEST_F(PublishServiceTest, PassesTheDepthOn) {
  Start();
  journal_.CompleteAllFromNowOn();
  for (const v1::AckDepth depth :
       {v1::ACK_DEPTH_UNSPECIFIED, v1::ACK_DEPTH_SYNCED,
        v1::ACK_DEPTH_WRITTEN}) {
    const size_t before = journal_.appends();
    RawPublishClient client(address());
    ASSERT_TRUE(client.SendOpen(kProducer, depth));
    ASSERT_TRUE(SendBatch(client, MakeBatch(before + 1)));
    ASSERT_TRUE(journal_.WaitForAppends(before + 1));
    EXPECT_EQ(journal_.depth(before), depth == v1::ACK_DEPTH_WRITTEN
                                          ? AckDepth::kWritten
                                          : AckDepth::kSynced);
  }
}

TEST_F(PublishServiceTest, CountsAnAnonymousStreamsBatchesItself) {
  Start();
  journal_.CompleteAllFromNowOn();
  RawPublishClient client(address());
  ASSERT_TRUE(SendBatch(client, MakeBatch(70)));
  EXPECT_EQ(client.Next(), "ack 1");
  ASSERT_TRUE(client.SendBatchBytes("\x0a\x7f"));
  EXPECT_EQ(client.Next(), "rejected 2 INVALID_ARGUMENT");
  EXPECT_EQ(client.Next(), "ack 2");
  ASSERT_TRUE(SendBatch(client, MakeBatch(0)));
  EXPECT_EQ(client.Next(), "ack 3");
  ASSERT_EQ(journal_.appends(), 2u);
  EXPECT_TRUE(journal_.entry(1).anonymous);
  EXPECT_EQ(journal_.entry(0).sequence, 0u);
  EXPECT_EQ(journal_.ledger().count(LossReason::kBatchRejected), 1);
}

TEST_F(PublishServiceTest, CountsWhatAProducerSaysItLost) {
  Start();
  journal_.CompleteAllFromNowOn();
  auto client = OpenStream();
  v1::LogBatch batch = MakeBatch(1);
  batch.add_lost()->set_count(4);
  batch.add_lost()->set_count(5);
  ASSERT_TRUE(SendBatch(*client, batch));
  EXPECT_EQ(client->Next(), "ack 1");
  ASSERT_TRUE(SendBatch(*client, batch)) << "a duplicate is not counted again";
  EXPECT_EQ(client->Next(), "ack 1");
  EXPECT_EQ(journal_.ledger().count(LossReason::kLostByProducer), 9);
}

TEST_F(PublishServiceTest, RejectsAMalformedBatchDurablyAndLivesOn) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(1)));
  EXPECT_EQ(client->Next(), "rejected 1 INVALID_ARGUMENT");
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_EQ(journal_.entry(0).kind, EntryKind::kNotice);
  EXPECT_EQ(journal_.entry(0).sequence, 1u);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 1");
  journal_.Complete(1);
  EXPECT_EQ(client->Next(), "ack 2");
  EXPECT_EQ(journal_.ledger().count(LossReason::kBatchRejected), 1);
}

// Goal: whatever is left of a batch, the stream answers it. Method: one good
// batch cut at every byte, each piece on the same anonymous stream.
TEST_F(PublishServiceTest, AnswersABatchCutAnywhere) {
  Start();
  journal_.CompleteAllFromNowOn();
  RawPublishClient client(address());
  v1::LogBatch batch = MakeBatch(300, 2);
  batch.add_lost()->set_reason("queue full");
  const std::string whole = batch.SerializeAsString();
  size_t stored = 0;
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut after byte ", cut));
    const absl::string_view piece = absl::string_view(whole).substr(0, cut);
    ASSERT_TRUE(client.SendBatchBytes(piece));
    std::string answer = client.Next();
    if (CheckBatch(piece).ok()) {
      ++stored;
    } else {
      EXPECT_EQ(answer,
                absl::StrCat("rejected ", cut + 1, " INVALID_ARGUMENT"));
      answer = client.Next();
    }
    EXPECT_EQ(answer, absl::StrCat("ack ", cut + 1));
  }
  EXPECT_EQ(journal_.appends(), stored);
}

TEST_F(PublishServiceTest, RejectsABatchOverTheLimitAndLivesOn) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1, 1, kBatchBytes)));
  EXPECT_EQ(client->Next(), "rejected 1 RESOURCE_EXHAUSTED");
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2, 1, kBatchBytes - 100)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  EXPECT_EQ(journal_.entry(1).sequence, 2u);
}

TEST_F(PublishServiceTest, EndsAStreamWhoseMessageIsOverTwiceTheLimit) {
  Start();
  auto client = OpenStream();
  SendBatch(*client, MakeBatch(1, 1, 2 * kBatchBytes + 100));
  EXPECT_EQ(EndOf(*client), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(journal_.appends(), 0u);
}

TEST_F(PublishServiceTest, EndsASessionWhoseBatchHasNoSequence) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(0)));
  EXPECT_EQ(EndOf(*client), "INVALID_ARGUMENT");
  EXPECT_EQ(journal_.appends(), 0u);
}

TEST_F(PublishServiceTest, EndsAStreamItCannotRead) {
  Start();
  RawPublishClient client(address());
  ASSERT_TRUE(client.SendBytes("\x12\x7f"));
  EXPECT_EQ(EndOf(client), "INVALID_ARGUMENT");
}

TEST_F(PublishServiceTest, RefusesASecondOpenSessionAndALateOne) {
  Start();
  auto client = OpenStream();
  client->SendOpen(kProducer);
  EXPECT_EQ(EndOf(*client), "FAILED_PRECONDITION");
  journal_.CompleteAllFromNowOn();
  RawPublishClient anonymous(address());
  ASSERT_TRUE(SendBatch(anonymous, MakeBatch(1)));
  EXPECT_EQ(anonymous.Next(), "ack 1");
  anonymous.SendOpen(kProducer);
  EXPECT_EQ(EndOf(anonymous), "FAILED_PRECONDITION");
}

TEST_F(PublishServiceTest, RefusesAProducerIdThatIsNot16Bytes) {
  Start();
  for (const char* id : {"", "0123456789abcde", "0123456789abcdef0"}) {
    RawPublishClient client(address());
    ASSERT_TRUE(client.SendOpen(id));
    EXPECT_EQ(EndOf(client), "INVALID_ARGUMENT") << id;
  }
}

TEST_F(PublishServiceTest, IgnoresMessagesOfNoKindItKnows) {
  Start();
  journal_.CompleteAllFromNowOn();
  RawPublishClient client(address());
  ASSERT_TRUE(client.SendBytes(""));
  v1::PublishRequest levels;
  levels.mutable_levels_applied()->set_version(3);
  ASSERT_TRUE(client.Send(levels));
  ASSERT_TRUE(client.SendOpen(kProducer)) << "still the first that counts";
  EXPECT_EQ(client.Next(), Opened(0));
}

TEST_F(PublishServiceTest, StoresNothingMoreAfterABatchThatWasNot) {
  Start();
  auto client = OpenStream();
  for (const uint64_t sequence : {1, 2, 3}) {
    ASSERT_TRUE(SendBatch(*client, MakeBatch(sequence)));
  }
  ASSERT_TRUE(journal_.WaitForAppends(3));
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 1");
  journal_.Fail(1, absl::UnavailableError("disk full"));
  SendBatch(*client, MakeBatch(4));
  journal_.Complete(2);
  EXPECT_EQ(client->Next(), "end") << "3 must not be acknowledged past 2";
  const grpc::Status end = client->Finish();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(end.error_message(), HasSubstr("disk full"));
  EXPECT_EQ(journal_.appends(), 3u);
}

TEST_F(PublishServiceTest, AppendsThatFailAtOnceEndTheStreamToo) {
  Start();
  auto client = OpenStream();
  journal_.Stop();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  EXPECT_EQ(EndOf(*client), "UNAVAILABLE");
}

// Goal: one stream holds two batches' worth in flight and is not read beyond.
// Method: a journal that stands still, and a client that sends all it can.
TEST_F(PublishServiceTest, ReadsNoFurtherThanItsBoundInFlight) {
  constexpr int kBatches = 20;
  constexpr size_t kInFlight = 3;  // two do not fill the bound, three do
  Start();
  auto client = OpenStream();
  std::thread sender([&client] {
    for (int i = 1; i <= kBatches; ++i) {
      EXPECT_TRUE(SendBatch(*client, MakeBatch(i, 1, kBatchBytes - 1000)));
    }
    client->CloseSending();
  });
  for (size_t done = 0; done < kBatches; ++done) {
    ASSERT_TRUE(
        journal_.WaitForAppends(std::min<size_t>(done + kInFlight, kBatches)));
    GiveItTheChance();
    EXPECT_LE(journal_.appends(), done + kInFlight);
    journal_.Complete(done);
  }
  sender.join();
  std::string last;
  for (std::string next; (next = client->Next()) != "end";) last = next;
  EXPECT_EQ(last, absl::StrCat("ack ", kBatches));
  EXPECT_TRUE(client->Finish().ok());
}

// A new stream's first message waits too, and both go on when there is room.
TEST_F(PublishServiceTest, ReadsNothingMoreWhileIngestHasNoRoom) {
  Start({.batch_bytes = kBatchBytes, .ingest_bytes = 1000});
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1, 1, 2000)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_GE(ingest_->admission().held_bytes(), 1000);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2, 1, 2000)));
  auto late = AskForSession(kOtherProducer);
  ASSERT_TRUE(SendBatch(*late, MakeBatch(1)));
  GiveItTheChance();
  EXPECT_EQ(journal_.appends(), 1u);
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 1");
  journal_.CompleteAllFromNowOn();
  EXPECT_EQ(client->Next(), "ack 2");
  EXPECT_EQ(late->Next(), Opened(0));
  EXPECT_EQ(late->Next(), "ack 1");
}

// Goal: streams that were silent and all send large batches at once do not fill
// the memory. Here others hold it all since the stream's read began.
TEST_F(PublishServiceTest, ALargeMessageThatCameWithoutRoomEndsTheStream) {
  constexpr int64_t kLimit = int64_t{1} << 20;
  Start({.batch_bytes = kLimit, .ingest_bytes = kLimit});
  auto client = AskForSession();
  EXPECT_EQ(client->Next(), absl::StrCat("opened 0 ", kLimit));
  GiveItTheChance();
  ingest_->admission().Charge(2 * kLimit);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1, 1, 2 * kStreamWindowBytes)));
  EXPECT_EQ(EndOf(*client), "UNAVAILABLE");
  EXPECT_EQ(journal_.appends(), 0u);
  EXPECT_EQ(ingest_->admission().held_bytes(), 2 * kLimit);
}

TEST_F(PublishServiceTest, SendsOutstandingAcksAfterAHalfClose) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2)));
  client->CloseSending();
  ASSERT_TRUE(journal_.WaitForAppends(2));
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 1");
  journal_.Complete(1);
  EXPECT_EQ(client->Next(), "ack 2");
  EXPECT_EQ(client->Next(), "end");
  EXPECT_TRUE(client->Finish().ok());
}

TEST_F(PublishServiceTest, SurvivesAClientThatGoesMidFlight) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  client->Cancel();
  client = nullptr;
  GiveItTheChance();
  journal_.Complete(0);
  server_ = nullptr;  // returns: the cancelled stream has ended
}

TEST_F(PublishServiceTest, DrainsBeforeItStops) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  std::thread stopping(
      [this] { server_->Shutdown(absl::Now() + absl::Minutes(1)); });
  EXPECT_EQ(client->Next(), "drain 1s");
  client->CloseSending();
  journal_.Complete(0);
  EXPECT_EQ(client->Next(), "ack 1");
  EXPECT_EQ(client->Next(), "end");
  EXPECT_TRUE(client->Finish().ok());
  stopping.join();
}

TEST_F(PublishServiceTest, CutsWhatIsLeftAtTheDeadline) {
  Start();
  auto client = OpenStream();
  server_->Shutdown(absl::Now());
  for (std::string next; (next = client->Next()) != "end";) {
    EXPECT_EQ(next, "drain 1s");
  }
  EXPECT_FALSE(client->Finish().ok());
}

TEST_F(PublishServiceTest, TakesNoNewStreamWhileDraining) {
  Start();
  PublishService draining(ingest_.get());
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&draining);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  draining.Drain(absl::Seconds(1));
  RawPublishClient client(absl::StrCat("127.0.0.1:", port));
  EXPECT_EQ(EndOf(client), "UNAVAILABLE");
  server->Shutdown();
}

TEST_F(PublishServiceTest, TakesGzipOnTheSameStreamAsPlainMessages) {
  Start();
  journal_.CompleteAllFromNowOn();
  RawPublishClient client(address(), GRPC_COMPRESS_GZIP);
  ASSERT_TRUE(client.SendOpen(kProducer));
  EXPECT_EQ(client.Next(), Opened(0));
  // gRPC compresses only what becomes smaller.
  const v1::LogBatch large = MakeBatch(1, 1, 5000);
  const v1::LogBatch small = MakeBatch(2);
  ASSERT_TRUE(SendBatch(client, large));
  EXPECT_EQ(client.Next(), "ack 1");
  ASSERT_TRUE(SendBatch(client, small));
  EXPECT_EQ(client.Next(), "ack 2");
  EXPECT_EQ(journal_.entry(0).payload, large.SerializeAsString());
  EXPECT_EQ(journal_.entry(1).payload, small.SerializeAsString());
}

TEST_F(PublishServiceTest, GzipThatInflatesPastTheLimitsIsAsMuchAsPlainBytes) {
  Start();
  {
    RawPublishClient client(address(), GRPC_COMPRESS_GZIP);
    ASSERT_TRUE(SendBatch(client, MakeBatch(1, 1, kBatchBytes)));
    EXPECT_EQ(client.Next(), "rejected 1 RESOURCE_EXHAUSTED");
  }
  RawPublishClient client(address(), GRPC_COMPRESS_GZIP);
  SendBatch(client, MakeBatch(1, 1, 2 * kBatchBytes + 100));
  EXPECT_EQ(EndOf(client), "RESOURCE_EXHAUSTED");
}

TEST_F(PublishServiceTest, RefusesOtherCompressions) {
  Start();
  RawPublishClient client(address(), GRPC_COMPRESS_DEFLATE);
  client.SendOpen(kProducer);
  EXPECT_EQ(EndOf(client), "UNIMPLEMENTED");
}

// 100 streams, each with several batches in flight, every batch stored once.
TEST_F(PublishServiceTest, ServesManyStreamsAtOnce) {
  constexpr int kStreams = 100;
  constexpr int kBatches = 5;
  Start();
  journal_.CompleteAllFromNowOn();
  std::vector<std::unique_ptr<RawPublishClient>> clients;
  for (int i = 0; i < kStreams; ++i) {
    clients.push_back(std::make_unique<RawPublishClient>(address()));
  }
  for (int batch = 1; batch <= kBatches; ++batch) {
    for (const auto& client : clients) {
      ASSERT_TRUE(SendBatch(*client, MakeBatch(0)));
    }
  }
  for (const auto& client : clients) {
    client->CloseSending();
    std::string last;
    for (std::string next; (next = client->Next()) != "end";) last = next;
    EXPECT_EQ(last, absl::StrCat("ack ", kBatches));
    EXPECT_TRUE(client->Finish().ok());
  }
  EXPECT_EQ(journal_.appends(), size_t{kStreams * kBatches});
}

TEST_F(PublishServiceTest, AnswersHealthChecks) {
  Start();
  const std::string serving = "\x08\x01";  // HealthCheckResponse{SERVING}
  EXPECT_EQ(CallUnary(address(), "/grpc.health.v1.Health/Check", ""), serving);
}

TEST_F(PublishServiceTest, ListsItselfByReflection) {
  Start();
  const std::string list_services = "\x3a\x01*";
  const std::optional<std::string> answer = CallUnary(
      address(),
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      list_services);
  ASSERT_TRUE(answer.has_value());
  EXPECT_THAT(*answer, HasSubstr("logboom.v1.LogIngest"));
}

TEST_F(PublishServiceTest, SaysWhyItCannotListen) {
  Start();
  const absl::Status status =
      GrpcServer::Start({.address = {"127.0.0.1", server_->port()}},
                        ingest_.get())
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), absl::StrCat("cannot listen on grpc ", address(),
                                           ": address in use"));
  EXPECT_THAT(std::string(GrpcServer::Start({.address = {"203.0.113.1", 0}},
                                            ingest_.get())
                              .status()
                              .message()),
              HasSubstr("not an address of this machine"));
}

}  // namespace
}  // namespace logboom
