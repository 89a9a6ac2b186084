#include "client/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"
#include "tests/client/fake_session.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kServersLimit = 1 << 20;

// A sender whose session, clock and randomness are the test's. Nothing happens
// but in Step.
class SenderTest : public ::testing::Test {
 protected:
  SenderTest() {
    options_.server = "server:1";
    options_.batch_records = 3;
    options_.batch_age = absl::Milliseconds(10);
    options_.backoff_initial = absl::Seconds(1);
    options_.backoff_max = absl::Seconds(4);
  }

  void Start() {
    buffer_ = std::make_unique<RecordBuffer>(
        RecordBuffer::Options{.capacity_bytes = 1 << 20,
                              .wake_bytes = options_.batch_bytes},
        [this](RecordBuffer::News news) { sender_->TakeNews(news); });
    Sender::Parts parts;
    parts.options = &options_;
    parts.buffer = buffer_.get();
    parts.losses = &losses_;
    parts.levels = &levels_;
    parts.life = {7, "who"};
    parts.new_session = [this](SessionOptions options, SessionEvents* events) {
      auto session = std::make_unique<FakeSession>(std::move(options), events);
      session_ = session.get();
      ++sessions_;
      return session;
    };
    parts.wake = [this] { ++wakes_; };
    parts.random = [] { return 1.0; };  // a pause is as long as it can be
    parts.diagnose = [this](const std::string& line) { said_.push_back(line); };
    sender_ = std::make_unique<Sender>(std::move(parts));
  }

  // Steps, and says what the session was told.
  std::vector<std::string> Step() {
    next_ = sender_->Step(now_);
    return session_->TakeCalls();
  }
  std::vector<std::string> StepAfter(absl::Duration time) {
    now_ += time;
    return Step();
  }

  void Open(uint64_t last_sequence = 0) {
    session_->events().OnOpened(last_sequence, kServersLimit);
  }
  void Connect() {
    Start();
    ASSERT_THAT(Step(), ElementsAre("connect"));
    Open();
    ASSERT_THAT(Step(), IsEmpty());
  }
  void Close(const absl::Status& why) { session_->events().OnClosed(why); }

  void Log(const std::string& message) {
    std::string element;
    MessageWriter batch(&element);
    const OpenField record = batch.Begin(kBatchRecordsField);
    RecordWriter(&element).BodyText(message);
    batch.End(record);
    ASSERT_EQ(
        buffer_->Append(element.size(),
                        [&](char* to) { element.copy(to, element.size()); }),
        RecordBuffer::Outcome::kTaken);
  }

  Options options_;
  LossCounts losses_;
  LoggerLevels levels_{20};
  std::unique_ptr<RecordBuffer> buffer_;
  FakeSession* session_ = nullptr;  // the sender's
  int sessions_ = 0;
  int wakes_ = 0;
  std::vector<std::string> said_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  absl::Time next_;
  std::unique_ptr<Sender> sender_;
};

TEST_F(SenderTest, ConnectsAtOnceAndIntroducesItself) {
  options_.synced = false;
  Start();
  EXPECT_THAT(Step(), ElementsAre("connect"));
  EXPECT_EQ(session_->options().server, "server:1");
  EXPECT_EQ(session_->options().resource, "who");
  EXPECT_FALSE(session_->options().synced);
  EXPECT_THAT(Step(), IsEmpty()) << "one attempt at a time";
}

// Goal: a batch goes when its first record is old enough, and not before.
TEST_F(SenderTest, ABatchClosesByAge) {
  Connect();
  Log("a");
  Log("b");
  EXPECT_THAT(Step(), IsEmpty());
  EXPECT_EQ(next_, now_ + options_.batch_age) << "when it wants to be called";
  EXPECT_THAT(StepAfter(options_.batch_age), ElementsAre("send 1: a b"));
}

TEST_F(SenderTest, BatchesCloseByRecords) {
  Connect();
  for (const char* message : {"a", "b", "c", "d"}) Log(message);
  Step();
  EXPECT_THAT(StepAfter(options_.batch_age),
              ElementsAre("send 1: a b c", "send 2: d"));
}

TEST_F(SenderTest, BatchesCloseByBytes) {
  options_.batch_records = 1000;
  options_.batch_bytes = 4 << 10;
  Connect();
  const std::string large(3000, 'x');
  Log(large);
  Log(large);
  Step();
  EXPECT_THAT(StepAfter(options_.batch_age),
              ElementsAre(absl::StrCat("send 1: ", large),
                          absl::StrCat("send 2: ", large)));
}

// Goal: the server's limit counts too, and a record beyond it costs itself only
// and is counted and reported.
TEST_F(SenderTest, ARecordTooLargeForTheServerIsDroppedAndReported) {
  Start();
  Step();
  session_->events().OnOpened(0, 4 << 10);
  Log("a");
  Log(std::string(5000, 'x'));
  Log("b");
  Step();
  EXPECT_THAT(StepAfter(options_.batch_age),
              ElementsAre("send 1: a", "send 2: b lost 1 encode_failed"));
  EXPECT_EQ(losses_.total(ProducerLoss::kEncodeFailed), 1);
  EXPECT_EQ(sender_->board().state().dropped, 1);
}

TEST_F(SenderTest, NothingIsSentBeyondTheWindowUntilAcksCome) {
  options_.batch_records = 1;
  options_.window_bytes = 1;  // one batch
  Connect();
  Log("a");
  Log("b");
  Step();
  EXPECT_THAT(StepAfter(options_.batch_age), ElementsAre("send 1: a"));
  EXPECT_THAT(StepAfter(absl::Seconds(1)), IsEmpty());
  session_->events().OnAck(1);
  EXPECT_THAT(StepAfter(options_.batch_age), ElementsAre("send 2: b"));
  session_->events().OnAck(2);
  Step();
  EXPECT_EQ(sender_->board().state().acknowledged, 2);
}

TEST_F(SenderTest, ABatchThatCannotBeHandedOnYetIsSentLater) {
  Connect();
  session_->set_writable(false);
  Log("a");
  Step();
  EXPECT_THAT(StepAfter(options_.batch_age), IsEmpty());
  session_->set_writable(true);
  wakes_ = 0;
  session_->events().OnWritable();
  EXPECT_EQ(wakes_, 1);
  EXPECT_THAT(Step(), ElementsAre("send 1: a"));
}

// A step wanted to be called again at a time that had passed, and again, as
// long as a batch could not be handed on.
TEST_F(SenderTest, DoesNotHurryWhileItCanDoNothing) {
  Connect();
  Log("a");
  Step();
  StepAfter(options_.batch_age);
  session_->set_writable(false);
  Log("b");
  Step();
  StepAfter(options_.batch_age);
  Log("c");
  Step();
  StepAfter(absl::Seconds(1));
  EXPECT_GT(next_, now_);
}

// Goal: on the next stream goes what the server has not, under the old numbers,
// and nothing else.
TEST_F(SenderTest, ResumesBehindTheServersLastSequence) {
  options_.batch_records = 1;
  Connect();
  for (const char* message : {"a", "b", "c"}) Log(message);
  Step();
  EXPECT_THAT(StepAfter(options_.batch_age),
              ElementsAre("send 1: a", "send 2: b", "send 3: c"));
  session_->events().OnAck(1);
  Close(absl::UnavailableError("gone"));
  EXPECT_THAT(Step(), IsEmpty());
  EXPECT_EQ(next_, now_ + options_.backoff_initial);
  EXPECT_THAT(StepAfter(options_.backoff_initial), ElementsAre("connect"));
  Open(2);
  Log("d");
  EXPECT_THAT(Step(), ElementsAre("send 3: c"));
  EXPECT_EQ(sender_->board().state().acknowledged, 2);
  EXPECT_THAT(StepAfter(options_.batch_age), ElementsAre("send 4: d"));
  EXPECT_EQ(sessions_, 1) << "the same producer";
}

TEST_F(SenderTest, PausesGrowAndStartAgainAfterAnAck) {
  Start();
  Step();
  for (const int seconds : {1, 2, 4, 4}) {
    Close(absl::UnavailableError("refused"));
    Step();
    EXPECT_EQ(next_, now_ + std::min(absl::Seconds(1), absl::Seconds(seconds)));
    EXPECT_THAT(StepAfter(absl::Seconds(seconds) - absl::Milliseconds(1)),
                IsEmpty());
    EXPECT_THAT(StepAfter(absl::Milliseconds(1)), ElementsAre("connect"));
  }
  Open();
  Log("a");
  Step();
  StepAfter(options_.batch_age);
  session_->events().OnAck(1);
  Close(absl::UnavailableError("gone"));
  Step();
  EXPECT_THAT(StepAfter(absl::Seconds(1)), ElementsAre("connect"));
  EXPECT_THAT(said_,
              ElementsAre(HasSubstr("no connection to server:1: refused"),
                          "connected to server:1"))
      << "once a minute at most";
}

// Goal: what another try does not cure is said and tried seldom.
TEST_F(SenderTest, APermanentErrorIsTriedAgainAfterTheLongestPause) {
  Start();
  Step();
  Close(absl::UnimplementedError("no such service"));
  Step();
  EXPECT_THAT(StepAfter(absl::Seconds(4) - absl::Milliseconds(1)), IsEmpty());
  EXPECT_THAT(StepAfter(absl::Milliseconds(1)), ElementsAre("connect"));
  EXPECT_THAT(said_, ElementsAre(HasSubstr("no such service")));
}

TEST_F(SenderTest, ADrainedStreamCollectsItsAcksAndComesBackAsItWasTold) {
  Connect();
  Log("a");
  Step();
  StepAfter(options_.batch_age);
  session_->events().OnDrain(absl::Seconds(7));
  Log("b");
  EXPECT_THAT(Step(), ElementsAre("close sending"));
  EXPECT_THAT(StepAfter(options_.batch_age), IsEmpty()) << "nothing more goes";
  session_->events().OnAck(1);
  Close(absl::OkStatus());
  Step();
  EXPECT_EQ(sender_->board().state().acknowledged, 1);
  EXPECT_THAT(StepAfter(absl::Milliseconds(6999)), IsEmpty());
  EXPECT_THAT(StepAfter(absl::Milliseconds(1)), ElementsAre("connect"));
  Open(1);
  EXPECT_THAT(StepAfter(options_.batch_age), ElementsAre("send 2: b"));
  EXPECT_THAT(said_, IsEmpty()) << "a server that restarts is no trouble";
}

// Goal: told that another producer has its id, it takes a new one and sends
// what is not acknowledged.
TEST_F(SenderTest, AFencedProducerDrawsANewId) {
  options_.batch_records = 1;
  Connect();
  Log("a");
  Log("b");
  Step();
  StepAfter(options_.batch_age);
  session_->events().OnAck(1);
  Close(absl::AbortedError("a newer stream took over"));
  Step();
  EXPECT_EQ(sessions_, 2);
  EXPECT_EQ(sender_->board().state().acknowledged, 1);
  EXPECT_THAT(StepAfter(options_.backoff_initial), ElementsAre("connect"));
  Open();
  EXPECT_THAT(Step(), ElementsAre("send 2: b"));
}

TEST_F(SenderTest, ARejectedBatchIsCountedSaidAndNotSentAgain) {
  Connect();
  Log("a");
  Step();
  StepAfter(options_.batch_age);
  session_->events().OnRejected(1, absl::InvalidArgumentError("malformed"));
  session_->events().OnAck(1);
  Step();
  EXPECT_EQ(sender_->board().state().rejected, 1);
  EXPECT_EQ(sender_->board().state().acknowledged, 0);
  EXPECT_THAT(said_, ElementsAre("server:1 rejected 1 records: malformed"));
}

// Goal: losses ride in the next batch, or in one of their own; once.
TEST_F(SenderTest, LossesAreReportedOnce) {
  Connect();
  losses_.Count(ProducerLoss::kBufferFull, 5);
  Log("a");
  losses_.Count(ProducerLoss::kEncodeFailed);
  EXPECT_THAT(Step(),
              ElementsAre("send 1: lost 5 buffer_full lost 1 encode_failed"));
  EXPECT_THAT(StepAfter(options_.batch_age), ElementsAre("send 2: a"));
  Close(absl::UnavailableError("gone"));
  Step();
  StepAfter(options_.backoff_initial);
  Open(0);
  EXPECT_THAT(Step(),
              ElementsAre("send 1: lost 5 buffer_full lost 1 encode_failed",
                          "send 2: a"))
      << "the server had neither";
}

TEST_F(SenderTest, AFlushIsDoneWhenAllThatWasLoggedBeforeIsAcknowledged) {
  options_.batch_age = absl::Hours(1);
  Connect();
  for (const char* message : {"a", "b", "c", "d"}) Log(message);
  EXPECT_THAT(Step(), IsEmpty());
  const int64_t ticket = sender_->board().RequestFlush();
  EXPECT_THAT(Step(), ElementsAre("send 1: a b c", "send 2: d"));
  session_->events().OnAck(1);
  Step();
  EXPECT_LT(sender_->board().state().flushed, ticket);
  Log("after");
  session_->events().OnAck(2);
  Step();
  EXPECT_EQ(sender_->board().state().flushed, ticket);
}

TEST_F(SenderTest, AFlushWaitsForTheReportOfLosses) {
  Connect();
  losses_.Count(ProducerLoss::kBufferFull, 2);
  const int64_t ticket = sender_->board().RequestFlush();
  EXPECT_THAT(Step(), ElementsAre("send 1: lost 2 buffer_full"));
  EXPECT_LT(sender_->board().state().flushed, ticket);
  session_->events().OnAck(1);
  Step();
  EXPECT_EQ(sender_->board().state().flushed, ticket);
}

TEST_F(SenderTest, AFlushOfNothingIsDoneAtOnce) {
  Start();
  const int64_t ticket = sender_->board().RequestFlush();
  Step();
  EXPECT_EQ(sender_->board().state().flushed, ticket);
}

TEST_F(SenderTest, StopsWhenEverythingIsAcknowledged) {
  Connect();
  Log("a");
  buffer_->Close();
  sender_->board().RequestStop(now_ + absl::Seconds(5));
  EXPECT_THAT(Step(), ElementsAre("send 1: a"));
  EXPECT_FALSE(sender_->board().state().stopped);
  session_->events().OnAck(1);
  sender_->Step(now_);
  EXPECT_TRUE(sender_->board().state().stopped);
  EXPECT_EQ(losses_.sum(), 0);
}

// Goal: an end with no server in sight takes one attempt, not the timeout; what
// is left is counted.
TEST_F(SenderTest, StopsAtOnceWhenTheServerCannotBeReached) {
  Start();
  Step();
  Log("a");
  Log("b");
  Close(absl::UnavailableError("refused"));
  Step();
  buffer_->Close();
  sender_->board().RequestStop(now_ + absl::Seconds(5));
  EXPECT_THAT(Step(), ElementsAre("connect")) << "without waiting its time";
  Close(absl::UnavailableError("refused"));
  sender_->Step(now_);
  EXPECT_TRUE(sender_->board().state().stopped);
  EXPECT_EQ(losses_.total(ProducerLoss::kShutDown), 2);
  EXPECT_EQ(sender_->board().state().dropped, 2);
}

TEST_F(SenderTest, StopsAtTheDeadlineWhenAcksDoNotCome) {
  Connect();
  Log("a");
  buffer_->Close();
  sender_->board().RequestStop(now_ + absl::Seconds(5));
  EXPECT_THAT(Step(), ElementsAre("send 1: a"));
  now_ += absl::Seconds(5);
  sender_->Step(now_);
  EXPECT_TRUE(sender_->board().state().stopped);
  EXPECT_EQ(losses_.total(ProducerLoss::kShutDown), 1);
}

// Goal: the server's levels count as soon as they come and are confirmed; they
// end by the clock also when the server is gone.
TEST_F(SenderTest, AppliesConfirmsAndEndsTheServersLevels) {
  LoggerNode* const area = levels_.GetLogger("myapp.area1.db");
  levels_.Activate();
  Connect();
  session_->events().OnLevels(7, {{"myapp.area1", 10, absl::Seconds(5)}});
  EXPECT_THAT(Step(), ElementsAre("confirm 7"));
  EXPECT_EQ(area->enabled_from, 10);
  Close(absl::UnavailableError("gone"));
  StepAfter(absl::Milliseconds(4999));
  EXPECT_EQ(area->enabled_from, 10);
  EXPECT_EQ(next_, now_ + absl::Milliseconds(1));
  StepAfter(absl::Milliseconds(1));
  EXPECT_EQ(area->enabled_from, 20);
}

}  // namespace
}  // namespace logboom
