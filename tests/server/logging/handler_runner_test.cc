#include "server/logging/handler_runner.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;

// A journal of entries kept in memory; the test adds them.
class FakeReader : public JournalReader {
 public:
  void Add(const std::vector<std::string>& messages) ABSL_LOCKS_EXCLUDED(mu_) {
    std::string batch;
    for (const std::string& message : messages) {
      MessageWriter writer(&batch);
      const OpenField record = writer.Begin(kBatchRecordsField);
      RecordWriter fields(&batch);
      fields.BodyText(message);
      fields.Logger("shop");
      writer.End(record);
    }
    MutexLock lock(&mu_);
    batches_.emplace_back(std::move(batch), messages.size());
    changed_.NotifyAll();
  }

  // From now on the last batch added comes again and again.
  void RepeatForEver() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    repeating_ = true;
  }

  absl::StatusOr<JournalEntry> Next() override {
    MutexLock lock(&mu_);
    if (batches_.empty()) return absl::OutOfRangeError("head");
    if (repeating_ && batches_.size() == 1) batches_.push_back(batches_.back());
    current_ = std::move(batches_.front().first);
    JournalEntry entry;
    entry.header.kind = EntryKind::kNative;
    entry.header.record_count = static_cast<uint32_t>(batches_.front().second);
    entry.header.first_offset = offset_;
    entry.payload = current_;
    offset_ += batches_.front().second;
    batches_.pop_front();
    return entry;
  }
  bool WaitForEntry(absl::Time deadline) override {
    MutexLock lock(&mu_);
    while (batches_.empty() && !interrupted_ && absl::Now() < deadline) {
      changed_.WaitUntil(&mu_, deadline);
    }
    return !batches_.empty();
  }
  void Interrupt() override {
    MutexLock lock(&mu_);
    interrupted_ = true;
    changed_.NotifyAll();
  }
  Offset offset() const override {
    MutexLock lock(&mu_);
    return offset_;
  }
  int64_t missing_records() const override { return 0; }

 private:
  mutable Mutex mu_;
  CondVar changed_;
  std::deque<std::pair<std::string, size_t>> batches_ ABSL_GUARDED_BY(mu_);
  std::string current_;
  Offset offset_ ABSL_GUARDED_BY(mu_) = 0;
  bool interrupted_ ABSL_GUARDED_BY(mu_) = false;
  bool repeating_ ABSL_GUARDED_BY(mu_) = false;
};

// A destination the test can open, close and break.
class FakeHandler : public Handler {
 public:
  explicit FakeHandler(std::vector<std::string>* lines) : lines_(*lines) {}

  int failures_left = 0;  // Writes that fail before anything gets out
  size_t take_records = ~size_t{0};  // then it blocks until stopped

  absl::Status Open() override { return absl::OkStatus(); }
  absl::Status Write(const TextBlock& block, size_t* begin,
                     const StopSignal& stop) override {
    if (failures_left > 0) {
      --failures_left;
      return absl::UnavailableError("out of order");
    }
    for (const size_t end : block.ends) {
      if (end <= *begin) continue;
      if (lines_.size() == take_records) {
        while (WaitWritable(-1, stop).ok()) {
        }
        return absl::CancelledError("stopping");
      }
      lines_.push_back(block.text.substr(*begin, end - *begin));
      *begin = end;
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::string>& lines_;
};

class HandlerRunnerTest : public testing::Test {
 protected:
  HandlerRunnerTest() {
    options_.handlers = {{.name = "out"}};
    options_.root.handlers = {0};
    auto handler = std::make_unique<FakeHandler>(&lines_);
    auto reader = std::make_unique<FakeReader>();
    handler_ = handler.get();
    reader_ = reader.get();
    parts_.handler = std::move(handler);
    parts_.reader = std::move(reader);
  }
  HandlerRunner& Runner() {
    if (runner_ == nullptr) {
      tree_ = std::make_unique<LoggerTree>(options_);
      parts_.name = "out";
      parts_.retry_pause = absl::Milliseconds(1);
      parts_.tree = tree_.get();
      parts_.formatter =
          *Formatter::Create(FormatterOptions(), absl::UnixEpoch());
      runner_ = std::make_unique<HandlerRunner>(std::move(parts_));
    }
    return *runner_;
  }
  void RunUntilDrained() {
    Runner().Start();
    Runner().Drain();
    Runner().Join(absl::InfiniteFuture());
  }

  LoggingOptions options_;
  std::vector<std::string> lines_;
  FakeHandler* handler_;
  FakeReader* reader_;
  HandlerRunner::Parts parts_;
  std::unique_ptr<LoggerTree> tree_;
  std::unique_ptr<HandlerRunner> runner_;
};

TEST_F(HandlerRunnerTest, WritesEveryRecordOnceAndInOrder) {
  reader_->Add({"one", "two"});
  reader_->Add({"three"});
  RunUntilDrained();
  EXPECT_THAT(lines_, ElementsAre("one\n", "two\n", "three\n"));
  EXPECT_EQ(runner_->position(), 3u);
  EXPECT_EQ(runner_->emitted_records(), 3);
}

TEST_F(HandlerRunnerTest, DrainingHandlesWhatCameWhileItWaited) {
  Runner().Start();
  reader_->Add({"late"});
  Runner().Drain();
  Runner().Join(absl::InfiniteFuture());
  EXPECT_THAT(lines_, ElementsAre("late\n"));
}

TEST_F(HandlerRunnerTest, FilteredRecordsMoveThePositionToo) {
  options_.handlers[0].level = 30;
  reader_->Add({"debug", "debug"});
  RunUntilDrained();
  EXPECT_TRUE(lines_.empty());
  EXPECT_EQ(runner_->position(), 2u);
}

TEST_F(HandlerRunnerTest, AHandlerMetTwiceEmitsTwice) {
  options_.loggers = {{.name = "shop", .handlers = {0}}};
  reader_->Add({"twice"});
  RunUntilDrained();
  EXPECT_THAT(lines_, ElementsAre("twice\n", "twice\n"));
}

TEST_F(HandlerRunnerTest, AFailedWriteIsTriedAgainAndLosesNothing) {
  handler_->failures_left = 2;
  reader_->Add({"one", "two"});
  RunUntilDrained();
  EXPECT_THAT(lines_, ElementsAre("one\n", "two\n"));
}

TEST_F(HandlerRunnerTest, ABlockedHandlerStopsAtOnceAndSaysWhereItWas) {
  handler_->take_records = 2;
  reader_->Add({"one", "two", "three", "four"});
  Runner().Start();
  Runner().Drain();
  Runner().Join(absl::InfinitePast());
  EXPECT_LE(lines_.size(), 2u);
  EXPECT_EQ(runner_->position(), lines_.size());
}

// A runner that never has to wait did not hear of the stop: it went on to the
// journal's end, however far that was.
TEST_F(HandlerRunnerTest, AStopEndsABacklogThatIsWrittenWithoutWaiting) {
  reader_->Add({"again"});
  reader_->RepeatForEver();
  Runner().Start();
  Runner().Drain();
  Runner().Join(absl::InfinitePast());
  EXPECT_EQ(runner_->position(), lines_.size());
}

TEST_F(HandlerRunnerTest, AStopEndsABacklogThatIsFilteredOut) {
  options_.handlers[0].level = 50;
  reader_->Add({"again"});
  reader_->RepeatForEver();
  Runner().Start();
  Runner().Drain();
  Runner().Join(absl::InfinitePast());
  EXPECT_TRUE(lines_.empty());
}

TEST_F(HandlerRunnerTest, JoiningTwiceIsHarmless) {
  RunUntilDrained();
  runner_->Join(absl::InfiniteFuture());
}

}  // namespace
}  // namespace logboom
