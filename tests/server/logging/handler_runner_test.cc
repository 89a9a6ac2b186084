#include "server/logging/handler_runner.h"

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/logging/handler_world.h"
#include "tests/server/logging/memory_journal.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What the test looks at, and orders, of a destination.
struct Destination {
  std::vector<std::string> lines;
  int failing_opens = 0;
  int failing_writes = 0;          // before anything gets out
  size_t take_units = ~size_t{0};  // then it blocks until stopped
  std::function<void()> on_write = [] {};
  std::function<void()> on_block = [] {};
};

// A destination without a file.
class FakeHandler : public Handler {
 public:
  explicit FakeHandler(Destination* destination) : destination_(*destination) {}

  absl::StatusOr<ResumedOutput> Open(const OutputClaim& claim) override {
    if (destination_.failing_opens > 0) {
      --destination_.failing_opens;
      return absl::FailedPreconditionError("cannot open it");
    }
    return ResumedOutput{.position = claim.place()};
  }
  absl::Status Write(const TextBlock& block, size_t* begin,
                     const StopSignal& stop) override {
    destination_.on_write();
    if (destination_.failing_writes > 0) {
      --destination_.failing_writes;
      return absl::UnavailableError("out of order");
    }
    for (const size_t end : block.ends) {
      if (end <= *begin) continue;
      if (destination_.lines.size() == destination_.take_units) {
        destination_.on_block();
        while (WaitWritable(-1, stop).ok()) {
        }
        return absl::CancelledError("stopping");
      }
      destination_.lines.push_back(block.text.substr(*begin, end - *begin));
      *begin = end;
    }
    return absl::OkStatus();
  }

 private:
  Destination& destination_;
};

class HandlerRunnerTest : public testing::Test {
 protected:
  HandlerRunner& Runner() {
    if (runner_ == nullptr) {
      runner_ = world_.NewRunner(std::make_unique<FakeHandler>(&out_));
    }
    return *runner_;
  }
  void RunUntilDrained() {
    Runner().TakePlace();
    Runner().Start();
    Runner().Drain();
    Runner().Join(absl::InfiniteFuture());
  }
  // The next process.
  void RunAgain() {
    runner_.reset();
    RunUntilDrained();
  }

  LoggingOptions& options() { return world_.options; }
  MemoryJournal& journal() { return world_.journal; }
  HandlerCounts counts() { return Runner().position().counts; }

  HandlerWorld world_;
  Destination out_;
  std::unique_ptr<HandlerRunner> runner_;
};

TEST_F(HandlerRunnerTest, WritesEveryRecordOnceAndInOrder) {
  journal().Add({"one", "two"});
  journal().Add({"three"});
  RunUntilDrained();
  EXPECT_THAT(out_.lines, ElementsAre("one\n", "two\n", "three\n"));
  EXPECT_EQ(runner_->position().offset, 3u);
  EXPECT_EQ(counts(), HandlerCounts{.handled = 3});
}

TEST_F(HandlerRunnerTest, DrainingHandlesWhatCameWhileItWaited) {
  Runner().TakePlace();
  Runner().Start();
  journal().Add({"late"});
  Runner().Drain();
  Runner().Join(absl::InfiniteFuture());
  EXPECT_THAT(out_.lines, ElementsAre("late\n"));
}

TEST_F(HandlerRunnerTest, FilteredRecordsMoveThePositionToo) {
  options().handlers[0].level = 30;
  journal().Add({"debug", "debug"});
  RunUntilDrained();
  EXPECT_THAT(out_.lines, IsEmpty());
  EXPECT_EQ(counts(), HandlerCounts{.filtered = 2});
  EXPECT_EQ(world_.disk.stored->offset, 2u);
}

TEST_F(HandlerRunnerTest, AHandlerMetTwiceEmitsTwiceAndHandlesOnce) {
  options().loggers = {{.name = "shop", .handlers = {0}}};
  journal().Add({"twice"});
  RunUntilDrained();
  EXPECT_THAT(out_.lines, ElementsAre("twice\ntwice\n"));
  EXPECT_EQ(counts(), HandlerCounts{.handled = 1});
}

TEST_F(HandlerRunnerTest, AFailedWriteIsTriedAgainAndLosesNothing) {
  out_.failing_writes = 2;
  journal().Add({"one", "two"});
  RunUntilDrained();
  EXPECT_THAT(out_.lines, ElementsAre("one\n", "two\n"));
}

TEST_F(HandlerRunnerTest, ADestinationThatCannotBeOpenedIsTriedAgain) {
  out_.failing_opens = 3;
  journal().Add({"one"});
  testing::internal::CaptureStderr();
  RunUntilDrained();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(said,
            "logboom: error: handler out: cannot open it; trying again\n"
            "logboom: info: handler out: works again\n");
  EXPECT_THAT(out_.lines, ElementsAre("one\n"));
}

TEST_F(HandlerRunnerTest, AJournalThatCannotBeReadForAWhileIsReadLater) {
  journal().FailReads(3);
  journal().Add({"one"});
  RunUntilDrained();
  EXPECT_THAT(out_.lines, ElementsAre("one\n"));
}

TEST_F(HandlerRunnerTest, ABlockedHandlerStopsAtOnceAndSaysWhereItWas) {
  out_.take_units = 2;
  journal().Add({"one", "two", "three", "four"});
  Runner().TakePlace();
  Runner().Start();
  Runner().Drain();
  Runner().Join(absl::InfinitePast());
  EXPECT_LE(out_.lines.size(), 2u);
  EXPECT_EQ(runner_->position().offset, out_.lines.size());
  EXPECT_EQ(world_.disk.stored, runner_->position());
}

// A runner that never has to wait did not hear of the stop: it went on to the
// journal's end, however far that was.
TEST_F(HandlerRunnerTest, AStopEndsABacklogThatIsWrittenWithoutWaiting) {
  journal().Add({"again"});
  journal().RepeatForEver();
  Runner().TakePlace();
  Runner().Start();
  Runner().Drain();
  Runner().Join(absl::InfinitePast());
  EXPECT_EQ(runner_->position().offset, out_.lines.size());
}

TEST_F(HandlerRunnerTest, AStopEndsABacklogThatIsFilteredOut) {
  options().handlers[0].level = 50;
  journal().Add({"again"});
  journal().RepeatForEver();
  Runner().TakePlace();
  Runner().Start();
  Runner().Drain();
  Runner().Join(absl::InfinitePast());
  EXPECT_THAT(out_.lines, IsEmpty());
}

TEST_F(HandlerRunnerTest, JoiningTwiceIsHarmless) {
  RunUntilDrained();
  runner_->Join(absl::InfiniteFuture());
}

// Its place is stored before anything comes, so that what comes is its own.
TEST_F(HandlerRunnerTest, ANewHandlerHasAPlaceBeforeItStarts) {
  journal().Add({"before", "before"});
  world_.start = 2;
  Runner().TakePlace();
  EXPECT_EQ(world_.disk.stored,
            (CursorPosition{.offset = 2, .counts = {.skipped = 2}}));
}

TEST_F(HandlerRunnerTest, ANewHandlersPlaceIsStoredWhenTheDiskCanDoItAgain) {
  int failures = 2;
  world_.disk.before = [&](const char*) {
    return failures-- > 0 ? absl::ResourceExhaustedError("disk full")
                          : absl::OkStatus();
  };
  journal().Add({"one"});
  RunUntilDrained();
  EXPECT_THAT(out_.lines, ElementsAre("one\n"));
  EXPECT_EQ(world_.disk.stored->offset, 1u);
}

TEST_F(HandlerRunnerTest, TheNextProcessGoesOnWhereTheLastOneStopped) {
  journal().Add({"one", "two"});
  RunUntilDrained();
  journal().Add({"three"});
  RunAgain();
  EXPECT_THAT(out_.lines, ElementsAre("one\n", "two\n", "three\n"));
  EXPECT_EQ(counts(), HandlerCounts{.handled = 3});
  EXPECT_EQ(runner_->started_at().counts, HandlerCounts{.handled = 2});
}

TEST_F(HandlerRunnerTest, ACursorThatCannotBeStoredHoldsNothingUp) {
  RunUntilDrained();
  world_.disk.before = [](const char*) {
    return absl::ResourceExhaustedError("disk full");
  };
  world_.store_interval = absl::ZeroDuration();
  journal().Add({"one", "two"});
  testing::internal::CaptureStderr();
  RunAgain();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("disk full"));
  EXPECT_THAT(out_.lines, ElementsAre("one\n", "two\n"));
  EXPECT_EQ(world_.disk.stored->offset, 0u);
}

// Goal: the counts close at every place stored, and say what became of each
// record. Method: one of every fate in a row, the cursor stored after each.
TEST_F(HandlerRunnerTest, EveryRecordIsCountedByItsFate) {
  world_.store_interval = absl::ZeroDuration();
  options().handlers[0].filters = {"shop"};
  world_.disk.after = [&](const char*) {
    EXPECT_EQ(world_.disk.stored->counts.offset(), world_.disk.stored->offset);
  };
  journal().AddDamage(1);                 // 0: before the first entry
  journal().Add({"handled", "handled"});  // 1, 2
  journal().AddDamage(2);                 // 3, 4
  std::string batch = BatchOf({"handled"});
  // A record whose first field is cut short.
  absl::StrAppend(&batch, absl::string_view("\x0a\x02\x2a\x7f", 4));
  journal().AddEntry(EntryKind::kNative, 2, batch);                 // 5, 6
  journal().AddEntry(EntryKind::kNative, 3, BatchOf({"handled"}));  // 7 to 9
  journal().AddEntry(EntryKind::kOtlp, 2, "not for this version");  // 10, 11
  journal().AddDamage(1);                                           // 12
  RunUntilDrained();
  EXPECT_EQ(counts(), (HandlerCounts{.handled = 4,
                                     .journal_damaged = 1 + 2 + 1 + 4 + 1}));
  EXPECT_EQ(runner_->position().offset, 13u);

  journal().Add({"deleted", "deleted", "handled"});  // 13 to 15
  journal().DeleteBefore(15);
  RunAgain();
  EXPECT_EQ(counts(),
            (HandlerCounts{
                .handled = 5, .journal_damaged = 9, .retention_overtook = 2}));
  EXPECT_EQ(runner_->position().offset, 16u);
}

TEST_F(HandlerRunnerTest, WhatRetentionTakesFromARunningHandlerIsCounted) {
  const std::string block(70000, 'x');
  journal().Add({block});
  journal().Add({"deleted"});
  journal().Add({"kept"});
  out_.on_write = [&] { journal().DeleteBefore(2); };
  RunUntilDrained();
  EXPECT_THAT(out_.lines, ElementsAre(block + "\n", "kept\n"));
  EXPECT_EQ(counts(), (HandlerCounts{.handled = 2, .retention_overtook = 1}));
}

TEST_F(HandlerRunnerTest, AnEntryIsGoneOnWithInItsMiddle) {
  std::promise<void> blocked;
  out_.take_units = 2;
  out_.on_block = [&] { blocked.set_value(); };
  journal().Add({"one", "two", "three"});
  Runner().TakePlace();
  Runner().Start();
  blocked.get_future().wait();
  Runner().Join(absl::InfinitePast());
  EXPECT_EQ(world_.disk.stored->offset, 2u);
  out_.take_units = ~size_t{0};
  RunAgain();
  EXPECT_THAT(out_.lines, ElementsAre("one\n", "two\n", "three\n"));
  EXPECT_EQ(counts(), HandlerCounts{.handled = 3});
}

// Its cursor is stored within the interval although nothing comes any more,
// whether it emitted what came last or not.
TEST_F(HandlerRunnerTest, AnIdleHandlersPlaceIsStored) {
  for (const bool filtered : {false, true}) {
    SCOPED_TRACE(filtered);
    runner_.reset();
    if (filtered) options().handlers[0].level = 50;
    std::promise<void> stored;
    const Offset last = journal().head() + 1;
    world_.store_interval = absl::Milliseconds(5);
    world_.disk.after = [&](const char*) {
      if (world_.disk.stored->offset == last) stored.set_value();
    };
    Runner().TakePlace();
    Runner().Start();
    journal().Add({"last"});
    stored.get_future().wait();
    Runner().Join(absl::InfinitePast());
  }
}

}  // namespace
}  // namespace logboom
