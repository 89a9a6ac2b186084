// A handler over a real journal, with its real cursor.

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/logging/file_handler.h"
#include "tests/server/logging/handler_world.h"
#include "tests/testing/faulty_file_system.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kRecordBytes = 8000;
constexpr int kRecords = 24;

class HandlerJournalTest : public testing::Test {
 protected:
  HandlerJournalTest() {
    options_.path = world_.folder.PathOf("journal");
    options_.segment_bytes = 1 << 20;
    OpenJournal();
  }

  void OpenJournal() {
    journal_.reset();
    auto opened = Journal::Open(&files_, options_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    journal_ = *std::move(opened);
  }
  void Append(const std::vector<std::string>& messages) {
    PendingEntry entry;
    entry.record_count = static_cast<uint32_t>(messages.size());
    entry.payload = absl::Cord(BatchOf(messages));
    std::promise<bool> stored;
    journal_->Append(
        std::move(entry), AckDepth::kSynced,
        [&](absl::StatusOr<Offset> offset) { stored.set_value(offset.ok()); });
    ASSERT_TRUE(stored.get_future().get());
  }
  void AppendAll() {
    for (int i = 0; i < kRecords; i += 2) {
      Append(MessagesOf(i, 2, kRecordBytes));
    }
  }

  std::unique_ptr<HandlerRunner> NewRunner() {
    tree_ = std::make_unique<LoggerTree>(world_.options);
    HandlerRunner::Parts parts;
    parts.name = "out";
    parts.tree = tree_.get();
    parts.formatter = *Formatter::Create(FormatterOptions(), absl::UnixEpoch());
    parts.handler = std::make_unique<FileHandler>(world_.path(), false, calls_);
    parts.open_cursor = [this] { return journal_->OpenCursor("out"); };
    parts.new_reader = [this](Offset from) {
      return journal_->NewReader(from);
    };
    parts.start = start_;
    parts.retry_pause = absl::Milliseconds(1);
    return std::make_unique<HandlerRunner>(std::move(parts));
  }
  CursorPosition RunToEnd() {
    const std::unique_ptr<HandlerRunner> runner = NewRunner();
    testing::internal::CaptureStderr();
    runner->TakePlace();
    runner->Start();
    runner->Drain();
    runner->Join(absl::InfiniteFuture());
    said_ = testing::internal::GetCapturedStderr();
    EXPECT_EQ(runner->position().counts.offset(), runner->position().offset);
    return runner->position();
  }
  std::string CursorPath() const {
    return absl::StrCat(options_.path, "/cursors/out.cursor");
  }

  // Runs a process that is killed inside its second write, at a page, and puts
  // back what it left.
  void RunAndKill() {
    std::string cursor, output;
    int writes = 0;
    calls_.write = [&](int fd, const void* bytes, size_t size) -> ssize_t {
      if (++writes != 2) return write(fd, bytes, size);
      const off_t at = lseek(fd, 0, SEEK_END);
      const auto part = static_cast<size_t>(3 * 4096 - at % 4096);
      if (write(fd, bytes, part) < 0) return -1;
      cursor = HandlerWorld::Contents(CursorPath());
      output = world_.Output();
      const ssize_t rest =
          write(fd, static_cast<const char*>(bytes) + part, size - part);
      return rest < 0 ? rest : static_cast<ssize_t>(size);
    };
    RunToEnd();
    calls_ = FileCalls::System();
    std::ofstream(CursorPath(), std::ios::trunc) << cursor;
    world_.SetOutput(output);
    OpenJournal();
  }

  HandlerWorld world_;
  FaultyFileSystem files_;
  JournalOptions options_;
  FileCalls calls_ = FileCalls::System();
  Offset start_ = 0;
  std::string said_;
  std::unique_ptr<LoggerTree> tree_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(HandlerJournalTest, GoesOnWhereTheLastServerStopped) {
  Append({"one", "two"});
  EXPECT_EQ(RunToEnd().offset, 2u);
  OpenJournal();
  EXPECT_THAT(journal_->UnusedCursors(), ElementsAre("out"));
  Append({"three"});
  start_ = 3;  // not for one that has a cursor
  EXPECT_EQ(RunToEnd().counts, HandlerCounts{.handled = 3});
  EXPECT_EQ(world_.Output(), "one\ntwo\nthree\n");
  EXPECT_EQ(said_, "");
}

TEST_F(HandlerJournalTest, ANewHandlerStartsWhereItIsTold) {
  Append({"before", "before"});
  start_ = 2;
  Append({"one"});
  EXPECT_EQ(RunToEnd().counts, (HandlerCounts{.skipped = 2, .handled = 1}));
  EXPECT_EQ(world_.Output(), "one\n");
}

TEST_F(HandlerJournalTest, EachRecordIsThereOnceAfterAKill) {
  AppendAll();
  RunAndKill();
  EXPECT_EQ(RunToEnd().counts, HandlerCounts{.handled = kRecords});
  ExpectEachOnce(world_.Output(), kRecords, kRecordBytes);
  EXPECT_EQ(world_.Output().size(), kRecords * (kRecordBytes + 1));
  EXPECT_EQ(said_, "");
}

TEST_F(HandlerJournalTest, EachRecordIsThereOnceAfterAKillAndBytesByHand) {
  AppendAll();
  RunAndKill();
  world_.Append("by hand\n");
  EXPECT_EQ(RunToEnd().counts, HandlerCounts{.handled = kRecords});
  ExpectEachOnce(world_.Output(), kRecords, kRecordBytes);
  EXPECT_THAT(world_.Output(), HasSubstr("by hand\n"));
  EXPECT_THAT(said_, HasSubstr("8 bytes that are somebody else's"));
}

TEST_F(HandlerJournalTest, EachRecordIsThereOnceAfterAPowerCut) {
  AppendAll();
  RunAndKill();
  files_.ChangeBootId();
  OpenJournal();
  const std::string output = world_.Output();
  EXPECT_EQ(RunToEnd().counts, HandlerCounts{.handled = kRecords});
  EXPECT_EQ(world_.Output().size(), kRecords * (kRecordBytes + 1));
  ExpectEachOnce(world_.Output(), kRecords, kRecordBytes);
  EXPECT_THAT(said_, HasSubstr("were moved to"));
  EXPECT_THAT(world_.Cut(), Not(IsEmpty()));
  EXPECT_EQ(output.substr(output.size() - world_.Cut().size()), world_.Cut());
}

TEST_F(HandlerJournalTest, ACursorThatIsOpenAlreadyIsWaitedFor) {
  Append({"one"});
  auto taken = journal_->OpenCursor("out");
  ASSERT_TRUE(taken.ok());
  const std::unique_ptr<HandlerRunner> runner = NewRunner();
  runner->TakePlace();
  runner->Start();
  taken->reset();
  runner->Drain();
  runner->Join(absl::InfiniteFuture());
  EXPECT_EQ(world_.Output(), "one\n");
}

}  // namespace
}  // namespace logboom
