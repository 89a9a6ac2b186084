#include "server/ingest/publish/response_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// All that waits, in the order it would be sent.
std::vector<std::string> Drained(ResponseQueue& queue) {
  std::vector<std::string> sent;
  while (!queue.empty()) sent.push_back(queue.Next().ShortDebugString());
  return sent;
}

using Sent = std::vector<std::string>;

TEST(ResponseQueueTest, SendsOnlyTheGreatestOfSeveralAcks) {
  ResponseQueue queue;
  queue.Ack(1);
  queue.Ack(2);
  queue.Ack(5);
  EXPECT_EQ(Drained(queue), Sent{"ack { sequence: 5 }"});
}

TEST(ResponseQueueTest, SaysNothingTwiceUnlessAskedTo) {
  ResponseQueue queue;
  queue.Ack(3);
  EXPECT_EQ(Drained(queue), Sent{"ack { sequence: 3 }"});
  queue.Ack(3);
  queue.Ack(2);
  EXPECT_TRUE(queue.empty());
  queue.RepeatAck(3);
  EXPECT_EQ(Drained(queue), Sent{"ack { sequence: 3 }"});
  queue.RepeatAck(1);
  EXPECT_EQ(Drained(queue), Sent{"ack { sequence: 3 }"});
}

TEST(ResponseQueueTest, RepeatsNoAckThatIsStillToCome) {
  ResponseQueue queue;
  queue.RepeatAck(1);
  EXPECT_TRUE(queue.empty()) << "nothing was acknowledged yet";
  queue.Ack(3);
  Drained(queue);
  queue.RepeatAck(4);
  EXPECT_TRUE(queue.empty());
}

TEST(ResponseQueueTest, ANewSessionHasTheAcksOfWhatItReports) {
  ResponseQueue queue;
  queue.Opened(5, 0);
  EXPECT_EQ(Drained(queue), Sent{"opened { last_sequence: 5 }"});
  queue.RepeatAck(4);
  EXPECT_EQ(Drained(queue), Sent{"ack { sequence: 5 }"});
}

TEST(ResponseQueueTest, SendsARejectionBeforeTheAckThatCoversIt) {
  ResponseQueue queue;
  queue.Ack(2);
  queue.Reject(2, absl::InvalidArgumentError("no"));
  queue.Opened(0, 9);
  EXPECT_EQ(Drained(queue),
            (Sent{"opened { max_batch_bytes: 9 }",
                  "rejected { sequence: 2 code: 3 message: \"no\" }",
                  "ack { sequence: 2 }"}));
}

v1::LevelUpdate Levels(uint64_t version) {
  v1::LevelUpdate update;
  update.set_version(version);
  return update;
}

TEST(ResponseQueueTest, SendsLevelsBehindSessionOpenedAndOnlyTheNewest) {
  ResponseQueue queue;
  queue.Ack(2);
  queue.Levels(Levels(3));
  queue.Levels(Levels(7));
  queue.Opened(0, 9);
  EXPECT_EQ(Drained(queue),
            (Sent{"opened { max_batch_bytes: 9 }",
                  "level_update { version: 7 }", "ack { sequence: 2 }"}));
}

// Two threads that push at once may come in either order.
TEST(ResponseQueueTest, OlderLevelsDoNotComeBehindNewerOnes) {
  ResponseQueue queue;
  queue.Levels(Levels(7));
  queue.Levels(Levels(6));
  EXPECT_EQ(Drained(queue), Sent{"level_update { version: 7 }"});
  queue.Levels(Levels(6));
  queue.Levels(Levels(7));
  EXPECT_TRUE(queue.empty()) << "nor when the newer ones are sent";
}

TEST(ResponseQueueTest, IsFullAtItsBoundOfRejections) {
  ResponseQueue queue;
  for (size_t i = 0; i < ResponseQueue::kMaxRejections; ++i) {
    EXPECT_FALSE(queue.full());
    queue.Reject(i + 1, absl::InvalidArgumentError("no"));
  }
  EXPECT_TRUE(queue.full());
  queue.Next();
  EXPECT_FALSE(queue.full());
}

TEST(ResponseQueueTest, WritesDurationsWithTheirFraction) {
  ResponseQueue queue;
  queue.Drain(absl::Milliseconds(1500));
  EXPECT_EQ(Drained(queue),
            Sent{"drain { retry_after { seconds: 1 nanos: 500000000 } }"});
}

}  // namespace
}  // namespace logboom
