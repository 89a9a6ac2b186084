// What a handler's file has after its process was killed, or the machine
// stopped, at every moment there is.

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/logging/handler_world.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr size_t kRecordBytes = 8000;
constexpr int64_t kPageBytes = 4096;
constexpr char kByHand[] = "written by hand\n";

// All that outlives a process killed at one moment.
struct Remains {
  std::string when;
  std::optional<CursorPosition> stored;
  std::optional<CursorMark> mark;
  std::string output;
};

void ExpectBalance(const CursorPosition& place) {
  EXPECT_EQ(place.counts.offset(), place.offset);
}

class HandlerCrashTest : public testing::Test {
 protected:
  HandlerCrashTest() { world_.store_interval = absl::ZeroDuration(); }

  void AddRecords(int count) {
    // Several entries, so that a block has some and there are some blocks.
    for (int i = 0; i < count; i += 2) {
      world_.journal.Add(MessagesOf(i, 2, kRecordBytes));
    }
  }

  // Runs a process to its end; what it would have left at each moment, those
  // inside a write being `pages` apart.
  std::vector<Remains> RunAndTakeRemains(int pages = 1) {
    std::vector<Remains> all;
    const auto take = [&](std::string when) {
      all.push_back({std::move(when), world_.disk.stored, world_.disk.mark,
                     world_.Output()});
    };
    world_.disk.after = [&](const char* what) {
      take(absl::StrCat("after ", what));
      ExpectBalance(*world_.disk.stored);
    };
    world_.calls.sync = [&](int) {
      take("before sync");
      return 0;
    };
    // A write page by page, as the kernel does it when it kills the writer.
    int page_ends = 0;
    world_.calls.write = [&](int fd, const void* bytes, size_t size) {
      size_t done = 0;
      while (done < size) {
        const off_t at = lseek(fd, 0, SEEK_END);
        const auto page = static_cast<size_t>(kPageBytes - at % kPageBytes);
        const ssize_t wrote = write(fd, static_cast<const char*>(bytes) + done,
                                    std::min(page, size - done));
        if (wrote < 0) return wrote;
        done += static_cast<size_t>(wrote);
        if (done < size && ++page_ends % pages != 0) continue;
        take(absl::StrCat("inside a write, after ", done, " bytes"));
      }
      return static_cast<ssize_t>(done);
    };
    world_.RunToEnd();
    StopWatching();
    return all;
  }

  void StopWatching() {
    world_.disk.after = nullptr;
    world_.calls.sync = [](int) { return 0; };
    world_.calls.write = ::write;
  }

  // As it was when the process was killed.
  void PutBack(const Remains& remains) {
    world_.disk.stored = remains.stored;
    world_.disk.mark = remains.mark;
    world_.SetOutput(remains.output);
  }

  void ExpectAllHandled(const CursorPosition& place, int records) {
    EXPECT_EQ(place.offset, static_cast<Offset>(records));
    EXPECT_EQ(place.counts.handled, static_cast<uint64_t>(records));
    ExpectBalance(place);
  }

  HandlerWorld world_;
};

TEST_F(HandlerCrashTest, EachRecordIsThereOnceWhereverItWasKilled) {
  constexpr int kRecords = 24;
  AddRecords(kRecords);
  for (const absl::string_view old : {"", "old\n"}) {
    world_.disk = {};
    world_.SetOutput(old);
    const std::vector<Remains> all = RunAndTakeRemains();
    ASSERT_THAT(all, SizeIs(testing::Gt(60)));
    for (const Remains& remains : all) {
      SCOPED_TRACE(remains.when);
      PutBack(remains);
      const CursorPosition end = world_.RunToEnd();
      ExpectAllHandled(end, kRecords);
      std::string expected(old);
      for (const std::string& message : MessagesOf(0, kRecords, kRecordBytes)) {
        absl::StrAppend(&expected, message, "\n");
      }
      ASSERT_EQ(world_.Output(), expected);
    }
  }
  EXPECT_EQ(world_.Cut(), "");
}

TEST_F(HandlerCrashTest, WhatIsAppendedByHandAfterwardsStays) {
  constexpr int kRecords = 24;
  AddRecords(kRecords);
  // As long as a block, and as long as what was to be written: a length says
  // nothing.
  for (const size_t length : {size_t{16}, size_t{80000}, 8 * (kRecordBytes + 1),
                              10 * (kRecordBytes + 1)}) {
    std::string by_hand(length, '!');
    by_hand.replace(0, sizeof kByHand - 1, kByHand);
    world_.disk = {};
    world_.SetOutput("");
    for (const Remains& remains : RunAndTakeRemains()) {
      SCOPED_TRACE(absl::StrCat(remains.when, ", then ", length, " bytes"));
      PutBack(remains);
      world_.Append(by_hand);
      ExpectAllHandled(world_.RunToEnd(), kRecords);
      const std::string output = world_.Output();
      ExpectEachOnce(output, kRecords, kRecordBytes);
      // Killed before the first mark since a slot, it cannot tell that the
      // machine was not restarted: then they are moved.
      ASSERT_THAT(remains.mark ? output : output + world_.Cut(),
                  HasSubstr(by_hand));
      if (HasFatalFailure()) return;
    }
  }
}

// The process that goes on after a kill is killed as well.
TEST_F(HandlerCrashTest, EachRecordIsThereOnceWhenItIsKilledTwice) {
  constexpr int kRecords = 10;
  AddRecords(kRecords);
  for (const bool by_hand : {false, true}) {
    world_.disk = {};
    world_.SetOutput("");
    for (const Remains& first : RunAndTakeRemains(/*pages=*/4)) {
      PutBack(first);
      if (by_hand) world_.Append(kByHand);
      for (const Remains& second : RunAndTakeRemains(/*pages=*/5)) {
        SCOPED_TRACE(absl::StrCat(first.when, ", then ", second.when));
        PutBack(second);
        ExpectAllHandled(world_.RunToEnd(), kRecords);
        const std::string output = world_.Output();
        ExpectEachOnce(output, kRecords, kRecordBytes);
        ASSERT_TRUE(!by_hand ||
                    absl::StrContains(output + world_.Cut(), kByHand));
        if (HasFatalFailure()) return;
      }
    }
  }
}

// Goal: after a power cut, too, each record is in the file once, and no byte of
// it is destroyed. Method: at each moment the slot is kept and the mark is
// not, and of what was not synced any length has survived, or garbage.
TEST_F(HandlerCrashTest, EachRecordIsThereOnceAfterTheMachineStopped) {
  constexpr int kRecords = 16;
  AddRecords(kRecords);
  world_.SetOutput("old\n");
  const std::vector<Remains> all = RunAndTakeRemains();
  const std::string whole = world_.Output();
  for (const Remains& remains : all) {
    const OutputFile& left = remains.stored->output;
    if (!left.known()) continue;  // nothing was written yet
    const auto synced = static_cast<size_t>(left.size_bytes);
    for (const size_t kept :
         {synced, synced + 1, synced + 5000, synced + 40000, whole.size()}) {
      SCOPED_TRACE(absl::StrCat(remains.when, ", ", kept, " of ", synced));
      PutBack(remains);
      world_.disk.mark.reset();
      std::string survived = whole.substr(0, std::max(kept, synced));
      if (survived.size() == synced + 5000) {
        survived.replace(synced + 100, 1000, std::string(1000, '\0'));
      }
      world_.SetOutput(survived);
      unlink((world_.path() + ".cut").c_str());
      ExpectAllHandled(world_.RunToEnd(), kRecords);
      ASSERT_EQ(world_.Output(), whole);
      ASSERT_EQ(world_.Cut(), survived.substr(synced));
    }
  }
}

TEST_F(HandlerCrashTest, AFileThatSomebodyElseHasLockedIsNeverCut) {
  constexpr int kRecords = 16;
  AddRecords(kRecords);
  world_.SetOutput("");
  for (const Remains& remains : RunAndTakeRemains()) {
    SCOPED_TRACE(remains.when);
    PutBack(remains);
    const UniqueFd other(open(world_.path().c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(flock(other.get(), LOCK_EX | LOCK_NB), 0);
    ExpectAllHandled(world_.RunToEnd(), kRecords);
    const std::string output = world_.Output();
    ExpectEachOnce(output, kRecords, kRecordBytes);
    ASSERT_TRUE(absl::StartsWith(output, remains.output));
  }
}

// The record that was being written is whole in the new file; none is lost.
TEST_F(HandlerCrashTest, AnotherFileIsGoneOnWithAtItsEnd) {
  constexpr int kRecords = 16;
  AddRecords(kRecords);
  world_.SetOutput("");
  for (const Remains& remains : RunAndTakeRemains()) {
    SCOPED_TRACE(remains.when);
    PutBack(remains);
    world_.Replace("new\n");
    ExpectAllHandled(world_.RunToEnd(), kRecords);
    const std::string output = world_.Output();
    ASSERT_TRUE(absl::StartsWith(output, "new\n"));
    ASSERT_EQ(HandlerWorld::Contents(world_.path() + ".1"), remains.output);
    for (int i = 0; i < kRecords; ++i) {
      ASSERT_THAT(absl::StrCat(remains.output, output),
                  HasSubstr(MessageOf(i, kRecordBytes) + "\n"));
    }
    unlink(world_.path().c_str());
    rename((world_.path() + ".1").c_str(), world_.path().c_str());
  }
}

TEST_F(HandlerCrashTest, AFileThatWasEmptiedIsGoneOnWith) {
  constexpr int kRecords = 16;
  AddRecords(kRecords);
  world_.SetOutput("");
  for (const Remains& remains : RunAndTakeRemains()) {
    SCOPED_TRACE(remains.when);
    PutBack(remains);
    world_.SetOutput("");  // after a copy was made, as copytruncate does
    ExpectAllHandled(world_.RunToEnd(), kRecords);
    for (int i = 0; i < kRecords; ++i) {
      ASSERT_THAT(absl::StrCat(remains.output, world_.Output()),
                  HasSubstr(MessageOf(i, kRecordBytes) + "\n"));
    }
  }
}

}  // namespace
}  // namespace logboom
