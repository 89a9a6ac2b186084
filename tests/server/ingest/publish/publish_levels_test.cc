// Levels on a Publish stream: what the observer hears, and what the client
// does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/server/ingest/publish/publish_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;

v1::LevelUpdate Update(uint64_t version, const std::string& logger) {
  v1::LevelUpdate update;
  update.set_version(version);
  v1::LoggerLevel& level = *update.add_levels();
  level.set_logger(logger);
  level.set_levelno(10);
  return update;
}

v1::PublishRequest Applied(uint64_t version) {
  v1::PublishRequest request;
  request.mutable_levels_applied()->set_version(version);
  return request;
}

class PublishLevelsTest : public PublishFixture {
 protected:
  // The next message is this update.
  void ExpectLevels(RawPublishClient& client, uint64_t version,
                    const std::string& logger) {
    const auto response = client.Read();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->level_update().ShortDebugString(),
              Update(version, logger).ShortDebugString());
  }
};

TEST_F(PublishLevelsTest, FollowSessionOpenedAtOnce) {
  observer_.SendAtOpening(Update(3, "a"));
  Start();
  auto client = OpenStream();
  ExpectLevels(*client, 3, "a");
}

TEST_F(PublishLevelsTest, AreSentWhileTheStreamIsOpenAndConfirmed) {
  Start();
  auto client = OpenStream();
  ASSERT_TRUE(observer_.WaitForLine("opened test"));
  observer_.link()->SendLevels(Update(5, "b"));
  ExpectLevels(*client, 5, "b");
  ASSERT_TRUE(client->Send(Applied(5)));
  EXPECT_TRUE(observer_.WaitForLine("applied 5"));
  ASSERT_TRUE(SendBatch(*client, MakeBatch(1)));
  EXPECT_TRUE(journal_.WaitForAppends(1)) << "the stream reads on";
}

TEST_F(PublishLevelsTest, AConfirmationThatIsNoneEndsTheStream) {
  Start();
  auto client = OpenStream();
  // PublishRequest.levels_applied with a cut varint.
  ASSERT_TRUE(client->SendBytes(absl::string_view("\x1a\x02\x08\x80", 4)));
  EXPECT_EQ(EndOf(*client), "INVALID_ARGUMENT");
}

TEST_F(PublishLevelsTest, TheObserverHearsTheEndOnce) {
  Start();
  auto client = OpenStream();
  client->CloseSending();
  EXPECT_EQ(EndOf(*client), "OK");
  ASSERT_TRUE(observer_.WaitForLine("ended"));
  server_ = nullptr;
  EXPECT_THAT(observer_.lines(), ElementsAre("opened test", "ended"));
}

TEST_F(PublishLevelsTest, LevelsOnALinkWhoseStreamIsOverGoNowhere) {
  Start();
  auto client = OpenStream();
  client->Cancel();
  ASSERT_TRUE(observer_.WaitForLine("ended"));
  observer_.link()->SendLevels(Update(9, "a"));
}

TEST_F(PublishLevelsTest, AFencedStreamIsOverForTheObserverAtOnce) {
  Start();
  auto older = OpenStream();
  ASSERT_TRUE(SendBatch(*older, MakeBatch(1)));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  auto newer = AskForSession();
  EXPECT_TRUE(observer_.WaitForLine("ended")) << "although it waits for an ack";
  journal_.Complete(0);
  EXPECT_EQ(newer->Next(), Opened(1));
}

// A stream that ends while it opens hears no levels: it has no session.
TEST_F(PublishLevelsTest, AStreamFencedWhileItOpensGetsNone) {
  observer_.SendAtOpening(Update(3, "a"));
  Start();
  journal_.HoldLookups();
  auto older = AskForSession();
  ASSERT_TRUE(journal_.WaitForLookups(1));
  auto newer = AskForSession();
  EXPECT_EQ(EndOf(*older), "ABORTED");
  ASSERT_TRUE(journal_.WaitForLookups(2));
  journal_.AnswerLookup(0, 0);
  journal_.AnswerLookup(1, 0);
  EXPECT_EQ(newer->Next(), Opened(0));
  ExpectLevels(*newer, 3, "a");
}

TEST_F(PublishLevelsTest, AnonymousStreamsAreCounted) {
  Start();
  RawPublishClient client(address());
  ASSERT_TRUE(client.Send(Applied(1))) << "means nothing here";
  ASSERT_TRUE(SendBatch(client, MakeBatch(0)));
  ASSERT_TRUE(observer_.WaitForLine("anonymous begun"));
  client.Cancel();
  EXPECT_TRUE(observer_.WaitForLine("anonymous ended"));
  EXPECT_THAT(observer_.lines(),
              ElementsAre("anonymous begun", "anonymous ended"));
}

}  // namespace
}  // namespace logboom
