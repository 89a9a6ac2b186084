// Several streams of one producer: the newest is the one that counts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/server/ingest/publish/publish_fixture.h"

namespace logboom {
namespace {

class PublishFencingTest : public PublishFixture {
 protected:
  // A stream whose first batch is inside Journal::Append and does not get on.
  std::unique_ptr<RawPublishClient> OpenStreamThatAppends() {
    auto client = OpenStream();
    journal_.StopNextAppendAtTheDoor();
    EXPECT_TRUE(SendBatch(*client, MakeBatch(1)));
    EXPECT_TRUE(journal_.WaitForAppendAtTheDoor());
    return client;
  }
};

TEST_F(PublishFencingTest, ANewerStreamEndsTheOlder) {
  Start();
  auto older = OpenStream();
  auto newer = OpenStream();
  EXPECT_EQ(EndOf(*older), "ABORTED");
  ASSERT_TRUE(SendBatch(*newer, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Complete(0);
  EXPECT_EQ(newer->Next(), "ack 1");
}

TEST_F(PublishFencingTest, AnotherEpochOfTheSameIdIsANewerStreamToo) {
  Start();
  auto older = OpenStream();
  RawPublishClient newer(address());
  ASSERT_TRUE(newer.SendOpen(kProducer, v1::ACK_DEPTH_SYNCED,
                             RawPublishClient::kEpoch + 1));
  EXPECT_EQ(newer.Next(), Opened(0));
  EXPECT_EQ(EndOf(*older), "ABORTED");
}

TEST_F(PublishFencingTest, StreamsOfOtherProducersAndAnonymousOnesLiveOn) {
  Start();
  journal_.CompleteAllFromNowOn();
  auto other = OpenStream(kOtherProducer);
  RawPublishClient anonymous(address());
  ASSERT_TRUE(SendBatch(anonymous, MakeBatch(0)));
  EXPECT_EQ(anonymous.Next(), "ack 1");
  auto client = OpenStream();
  ASSERT_TRUE(SendBatch(*other, MakeBatch(1)));
  EXPECT_EQ(other->Next(), "ack 1");
  ASSERT_TRUE(SendBatch(anonymous, MakeBatch(0)));
  EXPECT_EQ(anonymous.Next(), "ack 2");
}

TEST_F(PublishFencingTest, OpensWhenTheOldersAppendsHaveSettled) {
  Start();
  auto older = OpenStream();
  ASSERT_TRUE(SendBatch(*older, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*older, MakeBatch(2)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  auto newer = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2)) << "at once";
  EXPECT_EQ(journal_.appends_before_lookup(1), 2u);
  journal_.Complete(0);
  journal_.Complete(1);
  EXPECT_EQ(newer->Next(), Opened(2));
}

// Its client goes on under another producer id, where nothing tells it what was
// stored under this one.
TEST_F(PublishFencingTest, TheOlderAcknowledgesWhatIsStoredBeforeItEnds) {
  Start();
  auto older = OpenStream();
  ASSERT_TRUE(SendBatch(*older, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*older, MakeBatch(2)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  auto newer = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  GiveItTheChance();
  journal_.Complete(0);
  EXPECT_EQ(older->Next(), "ack 1");
  journal_.Complete(1);
  EXPECT_EQ(older->Next(), "ack 2");
  EXPECT_EQ(EndOf(*older), "ABORTED");
}

TEST_F(PublishFencingTest, TheOlderEndsWhenABatchOfItFails) {
  Start();
  auto older = OpenStream();
  for (uint64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(SendBatch(*older, MakeBatch(i)));
  }
  ASSERT_TRUE(journal_.WaitForAppends(3));
  auto newer = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.Complete(0);
  EXPECT_EQ(older->Next(), "ack 1");
  journal_.Fail(1, absl::UnavailableError("disk full"));
  EXPECT_EQ(EndOf(*older), "ABORTED") << "whatever becomes of the third";
  journal_.Fail(2, absl::UnavailableError("disk full"));
  EXPECT_EQ(newer->Next(), Opened(1));
}

TEST_F(PublishFencingTest, OpensWhenTheOldersAppendsHaveFailed) {
  Start();
  auto older = OpenStream();
  ASSERT_TRUE(SendBatch(*older, MakeBatch(1)));
  ASSERT_TRUE(SendBatch(*older, MakeBatch(2)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  auto newer = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.Complete(0);
  journal_.Fail(1, absl::UnavailableError("disk full"));
  EXPECT_EQ(newer->Next(), Opened(1));
}

// The older stream's thread has left the lock behind and has not reached the
// journal yet: a lookup now would not see its batch.
TEST_F(PublishFencingTest, WaitsForAnAppendThatIsOnItsWay) {
  Start();
  auto older = OpenStreamThatAppends();
  auto newer = AskForSession();
  WaitForFence();
  EXPECT_EQ(journal_.lookups(), 1u) << "the older one's own";
  journal_.LetAppendIn();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  EXPECT_EQ(journal_.appends_before_lookup(1), 1u);
  journal_.Complete(0);
  EXPECT_EQ(newer->Next(), Opened(1));
  EXPECT_EQ(older->Next(), "ack 1");
  EXPECT_EQ(EndOf(*older), "ABORTED");
}

// The third fences the second, which has nothing on its way; what it has to
// wait for is the first one's append.
TEST_F(PublishFencingTest, ThreeStreamsInARowDoNotOvertakeEachOther) {
  Start();
  auto first = OpenStreamThatAppends();
  auto second = AskForSession();
  WaitForFence();
  auto third = AskForSession();
  EXPECT_EQ(EndOf(*second), "ABORTED");
  GiveItTheChance();
  EXPECT_EQ(journal_.lookups(), 1u);
  journal_.LetAppendIn();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  EXPECT_EQ(journal_.appends_before_lookup(1), 1u);
  journal_.Complete(0);
  EXPECT_EQ(third->Next(), Opened(1));
  EXPECT_EQ(journal_.lookups(), 2u) << "the second never came to ask";
}

TEST_F(PublishFencingTest, StoresNoLaterBatchOfTheOlder) {
  Start();
  auto older = OpenStreamThatAppends();
  // They wait in gRPC's window, behind the one being appended.
  ASSERT_TRUE(SendBatch(*older, MakeBatch(2)));
  ASSERT_TRUE(SendBatch(*older, MakeBatch(3)));
  auto newer = AskForSession();
  WaitForFence();
  journal_.LetAppendIn();
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Complete(0);
  EXPECT_EQ(newer->Next(), Opened(1));
  ASSERT_TRUE(SendBatch(*newer, MakeBatch(2, 7)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  EXPECT_EQ(journal_.entry(1).record_count, 7u) << "the newer one's";
  journal_.Complete(1);
  EXPECT_EQ(newer->Next(), "ack 2");
}

TEST_F(PublishFencingTest, AnOpeningStreamIsFencedToo) {
  Start();
  journal_.HoldLookups();
  auto older = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(1));
  auto newer = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  EXPECT_EQ(EndOf(*older), "ABORTED") << "and was never opened";
  journal_.AnswerLookup(0, 9);
  journal_.AnswerLookup(1, 9);
  EXPECT_EQ(newer->Next(), Opened(9));
}

TEST_F(PublishFencingTest, AStreamThatOnlyCollectsAcksIsFencedToo) {
  Start();
  auto older = OpenStream();
  ASSERT_TRUE(SendBatch(*older, MakeBatch(1)));
  older->CloseSending();
  ASSERT_TRUE(journal_.WaitForAppends(1));
  auto newer = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.Complete(0);
  EXPECT_EQ(newer->Next(), Opened(1));
  EXPECT_EQ(older->Next(), "ack 1");
  EXPECT_EQ(EndOf(*older), "ABORTED");
}

TEST_F(PublishFencingTest, AProducerThatReconnectsOftenFencesNobody) {
  Start();
  journal_.CompleteAllFromNowOn();
  for (uint64_t i = 1; i <= 200; ++i) {
    auto client = OpenStream(kProducer, i - 1);
    ASSERT_TRUE(SendBatch(*client, MakeBatch(i)));
    client->CloseSending();
    EXPECT_EQ(client->Next(), absl::StrCat("ack ", i));
    EXPECT_EQ(EndOf(*client), "OK");
  }
}

}  // namespace
}  // namespace logboom
