// Publish over the real journal, whose disk fails: what a producer sends again
// is stored exactly once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/server/ingest/publish/publish_fixture.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using Call = FaultyFileSystem::Call;

const absl::Status kIoError = absl::UnknownError("syncing x: I/O error");
constexpr int kForGood = 1'000'000;

class PublishRecoveryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Start();
    // The first segment is begun.
    auto client = Ask(v1::ACK_DEPTH_SYNCED, kOtherProducer);
    ASSERT_EQ(client->Next(), Opened(0));
    ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
    ASSERT_EQ(client->Next(), "ack 1");
  }
  void TearDown() override { Stop(); }

  void Start() {
    auto journal = Journal::Open(&files_, {.path = folder_.PathOf("journal")});
    ASSERT_TRUE(journal.ok()) << journal.status();
    journal_ = *std::move(journal);
    ingest_ = std::make_unique<Ingest>(
        IngestOptions{.batch_bytes = kBatchBytes}, journal_.get());
    auto server =
        GrpcServer::Start({.address = {"127.0.0.1", 0}}, ingest_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  void Stop() {
    server_ = nullptr;
    if (journal_ != nullptr) journal_->Stop();
    ingest_ = nullptr;
    journal_ = nullptr;
  }

  // A stream that has asked for a session.
  std::unique_ptr<RawPublishClient> Ask(v1::AckDepth depth,
                                        absl::string_view producer) {
    auto client = std::make_unique<RawPublishClient>(server_->address());
    EXPECT_TRUE(client->SendOpen(producer, depth));
    return client;
  }

  // As a client does while the journal is busy with a failure: again and again.
  std::unique_ptr<RawPublishClient> Resume(v1::AckDepth depth,
                                           uint64_t last_sequence) {
    while (true) {
      auto client = Ask(depth, kProducer);
      const std::string first = client->Next();
      if (first == Opened(last_sequence)) return client;
      EXPECT_EQ(first, "end");
      EXPECT_EQ(client->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
      if (::testing::Test::HasFailure()) return client;
    }
  }

  // Sends these batches, and waits until the last is acknowledged.
  static void SendAll(RawPublishClient& client, uint64_t first, uint64_t last) {
    for (uint64_t sequence = first; sequence <= last; ++sequence) {
      ASSERT_TRUE(SendBatch(client, MakeBatch(sequence)));
    }
    const std::string wanted = absl::StrCat("ack ", last);
    std::string next = client.Next();
    while (next != wanted && absl::StartsWith(next, "ack")) {
      next = client.Next();
    }
    EXPECT_EQ(next, wanted);
  }

  // Stops the server, and returns the producer's batches in the journal.
  std::vector<uint64_t> StopAndReadSequences() {
    Stop();
    const auto reader = OpenJournalForReading(
        &files_, folder_.PathOf("journal"), EntrySelection::kWithRecords);
    std::vector<uint64_t> sequences;
    if (!reader.ok()) return sequences;
    const std::string wanted = kProducer;
    for (auto entry = (*reader)->Next(); entry.ok();
         entry = (*reader)->Next()) {
      const ProducerId& id = entry->header.producer_id;
      if (std::string(id.begin(), id.end()) != wanted) continue;
      sequences.push_back(entry->header.sequence);
    }
    return sequences;
  }

  TempFolder folder_;
  FaultyFileSystem files_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<GrpcServer> server_;
};

TEST_F(PublishRecoveryTest, BatchesThatFailedAreStoredOnceWhenSentAgain) {
  auto client = Resume(v1::ACK_DEPTH_SYNCED, 0);
  SendAll(*client, 1, 1);
  files_.Fail(Call::kSync, kIoError, kForGood);
  // Some may find the stream ended.
  for (const uint64_t sequence : {2, 3, 4}) {
    SendBatch(*client, MakeBatch(sequence));
  }
  EXPECT_EQ(EndOf(*client), "UNAVAILABLE");
  files_.Heal(Call::kSync);
  client = Resume(v1::ACK_DEPTH_SYNCED, 1);
  SendAll(*client, 2, 5);
  EXPECT_THAT(StopAndReadSequences(), ElementsAre(1, 2, 3, 4, 5));
}

// Batch 1 was acknowledged when it was written, before its sync failed; batch 2
// was refused. The client sends both again.
TEST_F(PublishRecoveryTest, WhatWasAcknowledgedAsWrittenIsNotStoredTwice) {
  auto client = Resume(v1::ACK_DEPTH_WRITTEN, 0);
  files_.Fail(Call::kSync, kIoError, kForGood);
  SendAll(*client, 1, 1);
  ASSERT_TRUE(SendBatch(*client, MakeBatch(2)));
  EXPECT_EQ(EndOf(*client), "UNAVAILABLE");
  EXPECT_EQ(EndOf(*Ask(v1::ACK_DEPTH_WRITTEN, kProducer)), "UNAVAILABLE")
      << "nobody can say what will be stored of it";
  files_.Heal(Call::kSync);
  client = Resume(v1::ACK_DEPTH_WRITTEN, 1);
  SendAll(*client, 1, 3);
  EXPECT_THAT(StopAndReadSequences(), ElementsAre(1, 2, 3));
}

// Goal: SessionOpened covers what is written and not yet synced. Method: the
// newer stream asks while the older one's batch is being synced.
TEST_F(PublishRecoveryTest, ANewerStreamHearsOfABatchThatIsBeingSynced) {
  auto older = Resume(v1::ACK_DEPTH_WRITTEN, 0);
  std::latch asked(1);
  files_.SetHook([&asked](Call call) {
    if (call == Call::kSync) asked.wait();
  });
  SendAll(*older, 1, 1);
  auto newer = Ask(v1::ACK_DEPTH_WRITTEN, kProducer);
  EXPECT_EQ(EndOf(*older), "ABORTED");
  asked.count_down();
  EXPECT_EQ(newer->Next(), Opened(1));
  SendAll(*newer, 1, 2);
  EXPECT_THAT(StopAndReadSequences(), ElementsAre(1, 2));
  files_.SetHook([](Call) {});
}

TEST_F(PublishRecoveryTest, ARestartedServerKnowsBatchesAndRejections) {
  auto client = Resume(v1::ACK_DEPTH_SYNCED, 0);
  SendAll(*client, 1, 2);
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(5)));
  EXPECT_EQ(client->Next(), "rejected 5 INVALID_ARGUMENT");
  EXPECT_EQ(client->Next(), "ack 5");
  client = nullptr;
  Stop();
  Start();
  client = Resume(v1::ACK_DEPTH_SYNCED, 5);
  ASSERT_TRUE(client->SendBatchBytes(BrokenBatch(5)));
  EXPECT_EQ(client->Next(), "ack 5");
  SendAll(*client, 8, 8);
  EXPECT_EQ(journal_->ledger().totals().ToString(),
            "batch_rejected 1, sequence_gap 4");
  EXPECT_THAT(StopAndReadSequences(), ElementsAre(1, 2, 8));
}

}  // namespace
}  // namespace logboom
