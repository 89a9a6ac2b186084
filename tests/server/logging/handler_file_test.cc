// A handler over a file, its cursor and its journal, while it runs.

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/logging/file_handler.h"
#include "tests/server/logging/handler_world.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr size_t kRecordBytes = 8000;  // nine make a block
constexpr int kRecords = 30;           // and these some blocks

class HandlerFileTest : public testing::Test {
 protected:
  HandlerFileTest() {
    world_.disk.before = [this](const char* what) {
      did_.emplace_back(what);
      return absl::OkStatus();
    };
    world_.calls.sync = [this](int) {
      did_.emplace_back("sync");
      return 0;
    };
    world_.calls.write = [this](int fd, const void* bytes, size_t size) {
      did_.emplace_back("write");
      return write(fd, bytes, size);
    };
  }

  void AddRecords() {
    for (int i = 0; i < kRecords; i += 3) {
      world_.journal.Add(MessagesOf(i, 3, kRecordBytes));
    }
  }
  CursorPosition Run() {
    const CursorPosition end = world_.RunToEnd();
    EXPECT_EQ(end.counts.offset(), end.offset);
    EXPECT_EQ(world_.disk.stored->offset, end.offset);
    EXPECT_EQ(world_.disk.stored->counts, end.counts);
    if (world_.disk.stored->output.known()) {
      EXPECT_EQ(world_.disk.stored->output.size_bytes,
                static_cast<int64_t>(world_.Output().size()));
    }
    return end;
  }
  void ExpectAllInFile() {
    EXPECT_EQ(Run().counts.handled, static_cast<uint64_t>(kRecords));
    ExpectEachOnce(world_.Output(), kRecords, kRecordBytes);
  }
  static int Fail(int error) {
    errno = error;
    return -1;
  }
  // How often a text is in what was said.
  int Said(absl::string_view text) const {
    int times = 0;
    for (size_t at = 0;
         (at = world_.said.find(std::string(text), at)) != std::string::npos;
         ++at) {
      ++times;
    }
    return times;
  }

  HandlerWorld world_;
  std::vector<std::string> did_;
};

TEST_F(HandlerFileTest, MarksBeforeItWritesAndSyncsBeforeItStores) {
  world_.journal.Add({"one"});
  Run();
  EXPECT_THAT(did_, ElementsAre("store",                  // the new handler's
                                "sync", "mark", "store",  // with its file
                                "mark", "write",          //
                                "sync", "mark", "store"));
  did_.clear();
  Run();
  EXPECT_THAT(did_, ElementsAre("sync", "mark", "store"))
      << "with nothing to write it makes sure of its place";
}

TEST_F(HandlerFileTest, EveryMarkSaysWhatTheWriteBehindItDoes) {
  AddRecords();
  std::string contents;
  world_.calls.write = [&](int fd, const void* bytes, size_t size) {
    const CursorMark& mark = *world_.disk.mark;
    const auto at = static_cast<int64_t>(contents.size());
    contents.append(static_cast<const char*>(bytes), size);
    const auto end = static_cast<int64_t>(contents.size());
    EXPECT_EQ(mark.before.output.size_bytes, at);
    EXPECT_EQ(mark.after.output.size_bytes, end);
    EXPECT_EQ(mark.pieces, PiecesOf(contents.substr(at), at, at));
    EXPECT_EQ(mark.after.counts.handled - mark.before.counts.handled,
              size / (kRecordBytes + 1));
    return write(fd, bytes, size);
  };
  ExpectAllInFile();
}

TEST_F(HandlerFileTest, NothingIsWrittenWhileTheMarkCannotBe) {
  AddRecords();
  int failures = 3;
  world_.disk.before = [&](const char* what) {
    did_.emplace_back(what);
    // The first one settles the start.
    const bool fails =
        absl::string_view(what) == "mark" && did_.size() > 4 && failures-- > 0;
    return fails ? absl::ResourceExhaustedError("disk full") : absl::OkStatus();
  };
  ExpectAllInFile();
  EXPECT_EQ(Said("disk full; trying again"), 1);
  EXPECT_EQ(Said("works again"), 1);
  EXPECT_THAT(std::vector(did_.begin() + 4, did_.begin() + 9),
              ElementsAre("mark", "mark", "mark", "mark", "write"));
}

TEST_F(HandlerFileTest, AShortWriteGoesOnWhereItEnded) {
  AddRecords();
  int writes = 0;
  world_.calls.write = [&](int fd, const void* bytes, size_t size) {
    return write(fd, bytes,
                 ++writes % 3 == 0 ? size : std::min<size_t>(size, 1234));
  };
  ExpectAllInFile();
}

TEST_F(HandlerFileTest, AFullDiskIsWaitedForAndSaidOnce) {
  AddRecords();
  int writes = 0;
  world_.calls.write = [&](int fd, const void* bytes, size_t size) -> ssize_t {
    ++writes;
    if (writes == 2) return write(fd, bytes, 10000);
    if (writes > 2 && writes < 8) return Fail(ENOSPC);
    return write(fd, bytes, size);
  };
  ExpectAllInFile();
  EXPECT_EQ(Said("No space left on device; trying again"), 1);
  EXPECT_EQ(Said("works again"), 1);
}

TEST_F(HandlerFileTest, WhatWasWrittenHalfWhenItStopsIsGoneOnWith) {
  AddRecords();
  int writes = 0;
  std::promise<void> full;
  world_.calls.write = [&](int fd, const void* bytes, size_t size) -> ssize_t {
    ++writes;
    if (writes == 1) return write(fd, bytes, 10000);
    if (writes == 2) full.set_value();
    return Fail(ENOSPC);
  };
  std::unique_ptr<HandlerRunner> runner = world_.NewRunner();
  runner->TakePlace();
  runner->Start();
  full.get_future().wait();
  runner->Join(absl::InfinitePast());
  EXPECT_EQ(runner->position().offset, 1u) << "one whole record is out";
  EXPECT_EQ(world_.disk.stored->output.size_bytes,
            static_cast<int64_t>(kRecordBytes + 1));
  EXPECT_EQ(world_.Output().size(), 10000u);
  runner.reset();
  world_.calls.write = ::write;
  ExpectAllInFile();
  EXPECT_EQ(world_.Output().size(), kRecords * (kRecordBytes + 1));
}

TEST_F(HandlerFileTest, AFailedSyncGoesBackToThePlaceStoredAndWritesAgain) {
  world_.store_interval = absl::ZeroDuration();
  AddRecords();
  for (const int failing : {2, 3, 5}) {
    SCOPED_TRACE(failing);
    world_.disk.stored.reset();
    world_.disk.mark.reset();
    world_.SetOutput("");
    int syncs = 0;
    world_.calls.sync = [&](int) {
      ++syncs;
      // A second time in a row, too.
      return syncs == failing || syncs == failing + 1 ? Fail(EIO) : 0;
    };
    ExpectAllInFile();
    EXPECT_EQ(world_.Output().size(), kRecords * (kRecordBytes + 1))
        << "what could not be relied on was cut off";
    EXPECT_EQ(world_.Cut(), "");
    EXPECT_EQ(Said("cannot sync"), 1);
    EXPECT_EQ(Said("works again"), 1);
  }
}

// What a killed process had written since its slot is not relied on either.
TEST_F(HandlerFileTest, AFailedSyncAtTheStartGoesBackToThePlaceStored) {
  AddRecords();
  FakeCursorDisk killed;
  std::string output;
  world_.calls.write = [&](int fd, const void* bytes, size_t size) {
    const ssize_t wrote = write(fd, bytes, size);
    killed = world_.disk;
    output = world_.Output();
    return wrote;
  };
  Run();
  world_.disk.stored = killed.stored;
  world_.disk.mark = killed.mark;
  world_.SetOutput(output);
  world_.calls.write = ::write;
  int syncs = 0;
  world_.calls.sync = [&](int) { return ++syncs <= 2 ? Fail(EIO) : 0; };
  ExpectAllInFile();
  EXPECT_EQ(world_.Output(), output);
  EXPECT_EQ(world_.Cut(), "");
}

// What was written since the place stored is there twice then: better than not
// at all on the disk.
TEST_F(HandlerFileTest, AFailedSyncDoesNotCutWhatOthersAppended) {
  world_.store_interval = absl::ZeroDuration();
  AddRecords();
  int syncs = 0;
  std::string before;
  world_.calls.sync = [&](int) {
    if (++syncs != 3) return 0;
    before = world_.Output();
    world_.Append("by hand\n");
    return Fail(EIO);
  };
  EXPECT_EQ(Run().counts.handled, static_cast<uint64_t>(kRecords));
  const std::string output = world_.Output();
  ASSERT_TRUE(absl::StartsWith(output, before + "by hand\n"));
  for (const std::string& message : MessagesOf(0, kRecords, kRecordBytes)) {
    EXPECT_THAT(output, HasSubstr(message + "\n"));
  }
}

TEST_F(HandlerFileTest, AFailedSyncAtTheEndCutsWhatCannotBeReliedOn) {
  AddRecords();
  int syncs = 0;
  // The first two are of the start and of the first block.
  world_.calls.sync = [&](int) { return ++syncs >= 3 ? Fail(EIO) : 0; };
  world_.RunToEnd();
  EXPECT_EQ(Said("its place could not be stored"), 1);
  EXPECT_EQ(world_.disk.stored->offset, 9u);
  EXPECT_EQ(world_.Output().size(), 9 * (kRecordBytes + 1));
  world_.calls.sync = [](int) { return 0; };
  ExpectAllInFile();
}

// What becomes of bytes that others put into a file that is being written to.
class HandlerFileOfOthersTest : public HandlerFileTest {
 protected:
  HandlerFileOfOthersTest() { AddRecords(); }

  // Lets somebody act before the second write, or behind what it writes.
  void Before(std::function<void()> act) {
    world_.calls.write = [this, act](int fd, const void* bytes, size_t size) {
      if (++writes_ == 2) act();
      return write(fd, bytes, size);
    };
  }
  void Behind(std::function<void()> act, size_t most = ~size_t{0}) {
    world_.calls.write = [=, this](int fd, const void* bytes, size_t size) {
      if (++writes_ != 2) return write(fd, bytes, size);
      const ssize_t wrote = write(fd, bytes, std::min(size, most));
      act();
      return wrote;
    };
  }

  int writes_ = 0;
};

TEST_F(HandlerFileOfOthersTest, BytesBeforeAWriteAreAdopted) {
  Before([&] { world_.Append("by hand\n"); });
  ExpectAllInFile();
  EXPECT_THAT(world_.Output(), HasSubstr("by hand\n"));
  EXPECT_EQ(Said("8 bytes in it are somebody else's"), 1);
}

TEST_F(HandlerFileOfOthersTest, BytesBehindAWriteAreAdopted) {
  Behind([&] { world_.Append("by hand\n"); });
  ExpectAllInFile();
  EXPECT_THAT(world_.Output(), HasSubstr("by hand\n"));
}

TEST_F(HandlerFileOfOthersTest, BytesInsideARecordMakeItBeginAgain) {
  Behind([&] { world_.Append("by hand\n"); }, 20000);
  ExpectAllInFile();
  EXPECT_THAT(world_.Output(), HasSubstr("by hand\n"));
}

TEST_F(HandlerFileOfOthersTest, TheCursorIsStoredAtOnceWithTheFileAsItIs) {
  Behind([&] { world_.Append("by hand\n"); });
  std::optional<CursorPosition> stored;
  world_.disk.after = [&](const char* what) {
    if (writes_ != 2 || stored || absl::string_view(what) == "mark") return;
    stored = world_.disk.stored;
    EXPECT_EQ(stored->output.size_bytes,
              static_cast<int64_t>(world_.Output().size()));
  };
  ExpectAllInFile();
  EXPECT_TRUE(stored.has_value());
}

TEST_F(HandlerFileOfOthersTest, AppendingAllTheTimeIsReportedOnce) {
  world_.calls.write = [this](int fd, const void* bytes, size_t size) {
    world_.Append("by hand\n");
    return write(fd, bytes, size);
  };
  ExpectAllInFile();
  EXPECT_EQ(Said("somebody else's"), 1);
}

TEST_F(HandlerFileOfOthersTest, ACopyAndTruncateLosesNothing) {
  std::string copied;
  Before([&] {
    copied = world_.Output();
    world_.SetOutput("");
  });
  Run();
  EXPECT_EQ(Said("somebody has cut it"), 1);
  ExpectEachOnce(copied + world_.Output(), kRecords, kRecordBytes);
}

TEST_F(HandlerFileOfOthersTest, ARotatedFileIsLeftForTheNewOne) {
  world_.store_interval = absl::ZeroDuration();
  Before([&] { world_.Replace("new\n"); });
  Run();
  const std::string rotated = HandlerWorld::Contents(world_.path() + ".1");
  const std::string output = world_.Output();
  EXPECT_TRUE(absl::StartsWith(output, "new\n" + MessageOf(18, kRecordBytes)));
  ExpectEachOnce(rotated + output, kRecords, kRecordBytes);
  EXPECT_EQ(Said("is another file than it was"), 1);
}

TEST_F(HandlerFileOfOthersTest, ADeletedFileIsMadeAgain) {
  world_.store_interval = absl::ZeroDuration();
  std::string deleted;
  Behind([&] {
    deleted = world_.Output();
    unlink(world_.path().c_str());
  });
  Run();
  ExpectEachOnce(deleted + world_.Output(), kRecords, kRecordBytes);
}

TEST_F(HandlerFileTest, AModeWFileIsEmptiedForANewHandlerOnly) {
  world_.truncate = true;
  world_.SetOutput("old\n");
  world_.journal.Add({"one"});
  Run();
  EXPECT_EQ(world_.Output(), "one\n");
  world_.journal.Add({"two"});
  Run();
  EXPECT_EQ(world_.Output(), "one\ntwo\n");
}

TEST_F(HandlerFileTest, WithDelayTheFileIsOpenedAtTheFirstRecordEmitted) {
  world_.delay = true;
  world_.options.handlers[0].filters = {"nothing"};
  world_.journal.Add({"filtered"});
  EXPECT_EQ(Run().counts, HandlerCounts{.filtered = 1});
  EXPECT_NE(access(world_.path().c_str(), F_OK), 0);
  EXPECT_FALSE(world_.disk.stored->output.known());

  world_.options.handlers[0].filters = {};
  world_.journal.Add({"one"});
  did_.clear();
  EXPECT_EQ(Run().counts, (HandlerCounts{.handled = 1, .filtered = 1}));
  EXPECT_EQ(world_.Output(), "one\n");
  EXPECT_THAT(std::vector(did_.end() - 8, did_.end()),
              ElementsAre("sync", "mark", "store", "mark", "write", "sync",
                          "mark", "store"))
      << "its cursor is stored with the file before the first write";
}

TEST_F(HandlerFileTest, ALockedFileIsAppendedToAndReportedOnce) {
  AddRecords();
  world_.SetOutput("");
  const UniqueFd other(open(world_.path().c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(flock(other.get(), LOCK_EX | LOCK_NB), 0);
  ExpectAllInFile();
  EXPECT_EQ(Said("cannot be locked"), 1);
}

// Goal: a destination that fails holds up no other handler. Method: a pipe
// nobody reads and a file, over one journal; the file gets all while the pipe
// cannot be opened, and the pipe all when it has a reader.
TEST_F(HandlerFileTest, AFifoWithoutAReaderHoldsUpNobodyElse) {
  AddRecords();
  HandlerWorld other;
  const std::string fifo = world_.folder.PathOf("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (int i = 0; i < 3; ++i) other.journal.Add({absl::StrCat("line ", i)});
  const std::unique_ptr<HandlerRunner> stuck =
      other.NewRunner(std::make_unique<FileHandler>(fifo, false));
  stuck->TakePlace();
  stuck->Start();
  const CursorPosition end = world_.RunToEnd();
  EXPECT_EQ(end.counts.handled, static_cast<uint64_t>(kRecords));

  const UniqueFd reader(open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  stuck->Drain();
  stuck->Join(absl::InfiniteFuture());
  char text[100] = {};
  EXPECT_GT(read(reader.get(), text, sizeof text), 0);
  EXPECT_STREQ(text, "line 0\nline 1\nline 2\n");
  EXPECT_EQ(stuck->position().counts.handled, 3u);
}

}  // namespace
}  // namespace logboom
