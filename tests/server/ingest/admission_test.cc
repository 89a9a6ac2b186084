#include "server/ingest/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = Admission::Kind;

// Notes what it is told, as "a room" and "a overdue".
class NotingReader final : public Admission::Reader {
 public:
  NotingReader(std::string name, std::vector<std::string>* notes)
      : name_(std::move(name)), notes_(*notes) {}
  void OnRoom() override { notes_.push_back(absl::StrCat(name_, " room")); }
  void OnOverdue() override {
    notes_.push_back(absl::StrCat(name_, " overdue"));
  }

 private:
  const std::string name_;
  std::vector<std::string>& notes_;
};

class AdmissionTest : public ::testing::Test {
 protected:
  Admission::Place Ask(const std::string& name, Kind kind, int64_t bytes) {
    return admission_.Ask(std::make_shared<NotingReader>(name, &notes_), kind,
                          bytes);
  }

  // What the readers were told since the last call.
  std::vector<std::string> Notes() { return std::exchange(notes_, {}); }

  void TickAfter(absl::Duration time) {
    now_ += time;
    admission_.Tick();
  }

  static constexpr absl::Duration kInstant = absl::Nanoseconds(1);

  std::vector<std::string> notes_;
  absl::Time now_ = absl::UnixEpoch();
  Admission admission_{100, [this] { return now_; }};
};

TEST_F(AdmissionTest, RoomIsGivenAtOnceWhileThereIsSome) {
  const Admission::Place first = Ask("a", Kind::kCall, 25);
  EXPECT_TRUE(first.has_room);
  EXPECT_EQ(admission_.held_bytes(), 25);
  admission_.Charge(50);
  EXPECT_TRUE(Ask("b", Kind::kCall, 25).has_room);
  EXPECT_FALSE(Ask("c", Kind::kCall, 1).has_room);
  admission_.Return(first.ticket);
  EXPECT_THAT(Notes(), ElementsAre("c room"));
}

TEST_F(AdmissionTest, OneRequestCountsAsAQuarterOfTheLimitAtMost) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(Ask("a", Kind::kCall, 1'000'000).has_room) << i;
  }
  EXPECT_FALSE(Ask("a", Kind::kCall, 1'000'000).has_room);
  EXPECT_EQ(admission_.held_bytes(), 100);
}

TEST_F(AdmissionTest, AReaderThatExpectsNothingNeedsAFreeByte) {
  admission_.Charge(99);
  const Admission::Place place = Ask("a", Kind::kStream, 0);
  EXPECT_TRUE(place.has_room);
  EXPECT_FALSE(place.refused());
  admission_.Return(place.ticket);
  admission_.Charge(1);
  EXPECT_FALSE(Ask("b", Kind::kStream, 0).has_room);
  admission_.Release(1);
  EXPECT_THAT(Notes(), ElementsAre("b room"));
}

// Goal: nobody overtakes, so that who asks for much is not starved by who asks
// for little.
TEST_F(AdmissionTest, ThoseWhoWaitAreServedInTheirOrder) {
  admission_.Charge(90);
  Ask("large", Kind::kCall, 25);
  Ask("small", Kind::kStream, 1);
  EXPECT_FALSE(Ask("none", Kind::kStream, 0).has_room);
  admission_.Release(10);
  EXPECT_THAT(Notes(), IsEmpty()) << "80 are charged: 25 do not fit";
  admission_.Release(5);
  EXPECT_THAT(Notes(), ElementsAre("large room")) << "100 are held";
  admission_.Release(5);
  EXPECT_THAT(Notes(), ElementsAre("small room", "none room"));
  EXPECT_EQ(admission_.waiting(), 0u);
}

TEST_F(AdmissionTest, WhoLeavesTheQueueLetsOthersPass) {
  admission_.Charge(90);
  const Admission::Place large = Ask("large", Kind::kCall, 25);
  Ask("small", Kind::kCall, 10);
  admission_.Return(large.ticket);
  EXPECT_THAT(Notes(), ElementsAre("small room"));
  admission_.Return(large.ticket);  // ignored
  EXPECT_EQ(admission_.held_bytes(), 100);
}

TEST_F(AdmissionTest, TooManyWaitingCallsAreRefusedStreamsNever) {
  admission_.Charge(100);
  std::vector<Admission::Ticket> tickets;
  for (size_t i = 0; i < Admission::kMostWaitingCalls; ++i) {
    const Admission::Place place = Ask("call", Kind::kCall, 10);
    ASSERT_FALSE(place.refused());
    tickets.push_back(place.ticket);
  }
  EXPECT_TRUE(Ask("call", Kind::kCall, 10).refused());
  EXPECT_FALSE(Ask("stream", Kind::kStream, 10).refused());
  admission_.Return(tickets[0]);
  EXPECT_FALSE(Ask("call", Kind::kCall, 10).refused());
  admission_.Release(10);
  EXPECT_THAT(Notes(), ElementsAre("call room"));
  EXPECT_FALSE(Ask("call", Kind::kCall, 10).refused()) << "one more is in";
}

TEST_F(AdmissionTest, ACallThatWaitsForLongIsTold) {
  admission_.Charge(100);
  const Admission::Place call = Ask("call", Kind::kCall, 10);
  Ask("stream", Kind::kStream, 10);
  TickAfter(Admission::kLongestWait - kInstant);
  EXPECT_THAT(Notes(), IsEmpty());
  TickAfter(kInstant);
  EXPECT_THAT(Notes(), ElementsAre("call overdue"));
  admission_.Return(call.ticket);
  EXPECT_EQ(admission_.waiting(), 1u) << "the stream";
}

// Goal: clients that begin a request and never end it do not keep the others
// out; while nobody waits they are left alone.
TEST_F(AdmissionTest, ACallThatHasRoomForLongIsToldWhenOthersWait) {
  const Admission::Place slow = Ask("slow", Kind::kCall, 25);
  admission_.Charge(70);
  TickAfter(Admission::kLongestReceive);
  EXPECT_THAT(Notes(), IsEmpty());
  Ask("next", Kind::kStream, 25);
  admission_.Tick();
  EXPECT_THAT(Notes(), ElementsAre("slow overdue"));
  admission_.Return(slow.ticket);
  EXPECT_THAT(Notes(), ElementsAre("next room"));
}

// Goal: streams that have read and are silent do not keep the others out.
TEST_F(AdmissionTest, TheRoomOfAnIdleStreamLapsesWhenTheQueueIsStuck) {
  for (int i = 0; i < 4; ++i) Ask("idle", Kind::kStream, 25);
  Ask("next", Kind::kCall, 10);
  TickAfter(Admission::kStuck - kInstant);
  now_ += kInstant;
  EXPECT_THAT(Notes(), IsEmpty());
  // As much at a time as is said, so that only one of them is gone.
  for (int64_t may_lapse = 0; may_lapse < 25;) {
    EXPECT_THAT(Notes(), IsEmpty());
    admission_.Tick();
    may_lapse += admission_.LapsingPerTick();
  }
  EXPECT_THAT(Notes(), ElementsAre("next room"));
  EXPECT_EQ(admission_.held_bytes(), 85);
}

// Goal: messages that come, however slowly, leave the others their room.
TEST_F(AdmissionTest, WhatMayLapseIsForgottenWhenSomethingComes) {
  for (int i = 0; i < 3; ++i) Ask("idle", Kind::kStream, 25);
  admission_.Charge(25);
  Ask("first", Kind::kCall, 25);
  Ask("second", Kind::kCall, 25);
  const auto ticks = static_cast<int>(24 / admission_.LapsingPerTick());
  now_ += Admission::kStuck;
  for (int i = 0; i < ticks; ++i) admission_.Tick();
  EXPECT_THAT(Notes(), IsEmpty());
  admission_.Release(25);
  EXPECT_THAT(Notes(), ElementsAre("first room"));
  admission_.Tick();
  EXPECT_THAT(Notes(), IsEmpty()) << "not stuck yet";
  now_ += Admission::kStuck;
  for (int i = 0; i < ticks; ++i) admission_.Tick();
  EXPECT_THAT(Notes(), IsEmpty());
  admission_.Tick();
  EXPECT_THAT(Notes(), ElementsAre("second room"));
}

// Method: at each step the first that waits goes in and another one comes.
TEST_F(AdmissionTest, WhileTheQueueMovesOnlyLongIdleRoomLapses) {
  Ask("idle", Kind::kStream, 25);
  admission_.Charge(75);
  Admission::Place first = Ask("next", Kind::kCall, 1);
  const absl::Duration step = Admission::kStuck / 2;
  for (auto passed = step; passed < Admission::kIdle; passed += step) {
    const Admission::Place second = Ask("next", Kind::kCall, 1);
    admission_.Release(1);
    EXPECT_THAT(Notes(), ElementsAre("next room"));
    TickAfter(step);
    EXPECT_THAT(Notes(), IsEmpty()) << "after " << passed;
    admission_.Charge(1);
    admission_.Return(first.ticket);
    first = second;
  }
  TickAfter(step);
  EXPECT_THAT(Notes(), ElementsAre("next room"));
  EXPECT_EQ(admission_.held_bytes(), 76);
}

TEST_F(AdmissionTest, LongIdleRoomLapsesWhenSomebodyAsksForIt) {
  for (int i = 0; i < 4; ++i) Ask("idle", Kind::kStream, 25);
  now_ += Admission::kIdle;
  EXPECT_TRUE(Ask("next", Kind::kCall, 10).has_room);
  EXPECT_EQ(admission_.held_bytes(), 10);
}

TEST_F(AdmissionTest, AMessageWhoseRoomLapsedIsKeptUpToHalfMoreThanTheLimit) {
  const Admission::Place stream = Ask("stream", Kind::kStream, 25);
  admission_.Charge(120);
  EXPECT_TRUE(admission_.MayKeep(stream.ticket, 30));
  EXPECT_FALSE(admission_.MayKeep(stream.ticket, 31));
  admission_.Return(stream.ticket);
  EXPECT_TRUE(admission_.MayKeep(stream.ticket, 30));
  EXPECT_FALSE(admission_.MayKeep(stream.ticket, 31));
}

TEST_F(AdmissionTest, TicksAreDueWhileSomebodyWaits) {
  std::vector<bool> due;
  std::thread ticker([&] {
    do {
      due.push_back(admission_.AwaitTick());
    } while (due.back());
  });
  admission_.Charge(100);
  const Admission::Place place = Ask("a", Kind::kCall, 10);
  while (admission_.waiting() > 0) {
    now_ += Admission::kLongestWait;
    admission_.Tick();
    admission_.Return(place.ticket);
  }
  admission_.Stop();
  ticker.join();
  EXPECT_FALSE(due.back());
}

}  // namespace
}  // namespace logboom
