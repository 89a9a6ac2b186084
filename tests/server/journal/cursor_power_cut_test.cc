#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/journal/cursor_file.h"
#include "tests/server/journal/cursor_fixture.h"
#include "tests/testing/power_cut_file_system.h"
#include "tests/testing/survival.h"

namespace logboom {
namespace {

using ::testing::Contains;

constexpr char kJournalFolder[] = "journal";
constexpr char kPath[] = "journal/cursors/errors.cursor";
constexpr int64_t kAllCalls = 1'000'000;
constexpr int kCuts = 40;  // of each world

// One handler's cursor, over processes, kills and power cuts, and what may be
// found of it: the last place stored, or one whose Store did not succeed.
class World {
 public:
  World() : files_(std::make_unique<PowerCutFileSystem>()) {
    EXPECT_TRUE(files_->CreateFolder(kJournalFolder).ok());
  }

  // A process that stores these places, with a mark behind each, and does so
  // many calls that change the disk before it stops; false when it stopped.
  bool Run(const std::vector<Offset>& offsets, int64_t calls,
           const JournalId& journal_id = kJournalId) {
    files_->StopAfter(calls);
    CursorFile cursor = Open(journal_id);
    for (const Offset offset : offsets) {
      possible_.push_back(offset);
      if (!cursor.Store(PositionAt(offset)).ok()) return false;
      possible_ = {offset};
      if (!MarkWrite(&cursor, offset, offset + 1).ok()) return false;
    }
    return true;
  }

  // So many syncs succeed, later ones of this world do not.
  void FailSyncsAfter(int syncs) {
    const auto left = std::make_shared<std::atomic<int>>(syncs);
    files_->SetFault(
        [left](PowerCutFileSystem::Call call, absl::string_view path) {
          return call == PowerCutFileSystem::Call::kSync && --*left < 0
                     ? absl::UnavailableError("I/O error")
                     : absl::OkStatus();
        });
  }

  World AfterKill(size_t in_flight_bytes) const {
    return World(files_->Kill(in_flight_bytes), possible_);
  }
  World AfterPowerCut(Survival&& survival) const {
    return World(files_->PowerCut(&survival), possible_);
  }

  // What the next process finds is one of the possible places.
  void Check() {
    const CursorFile cursor = Open(kJournalId);
    std::optional<Offset> offset;
    if (cursor.stored()) {
      offset = cursor.stored()->offset;
      ASSERT_EQ(*cursor.stored(), PositionAt(*offset));
    }
    ASSERT_THAT(possible_, Contains(offset));
  }

  // From now on the file counts as one that is not of this journal.
  void Forget() { possible_ = {std::nullopt}; }

 private:
  World(std::unique_ptr<PowerCutFileSystem> files,
        std::vector<std::optional<Offset>> possible)
      : files_(std::move(files)), possible_(std::move(possible)) {}

  CursorFile Open(const JournalId& journal_id) {
    auto contents = ReadCursorFile(files_.get(), kPath);
    EXPECT_TRUE(contents.ok() || absl::IsNotFound(contents.status()));
    return CursorFile(
        files_.get(), kPath, "errors", journal_id,
        contents.ok() ? *std::move(contents) : CursorFileContents());
  }

  std::unique_ptr<PowerCutFileSystem> files_;
  std::vector<std::optional<Offset>> possible_ = {std::nullopt};
};

class CursorPowerCutTest : public ::testing::Test {
 protected:
  // Checks what is found when the power is cut in this world, and that a
  // process can go on from there.
  void CheckPowerCuts(const World& world) {
    for (int i = 0; i < kCuts; ++i) {
      SCOPED_TRACE(absl::StrCat("power cut, seed ", ++seed_));
      World after = world.AfterPowerCut(RandomSurvival(seed_));
      ASSERT_NO_FATAL_FAILURE(after.Check());
      ASSERT_TRUE(after.Run({70}, kAllCalls));
      ASSERT_NO_FATAL_FAILURE(after.Check());
    }
  }

 private:
  uint64_t seed_ = 0;
};

// Goal: a Store that returned is never undone. Method: cut the power at each
// call of a process's life.
TEST_F(CursorPowerCutTest, ThePlaceStoredLastSurvivesAPowerCutAtAnyMoment) {
  bool stopped = true;
  for (int64_t calls = 0; stopped; ++calls) {
    SCOPED_TRACE(absl::StrCat("stopped after call ", calls));
    World world;
    stopped = !world.Run({1000, 2000, 3000, 500}, calls);
    ASSERT_NO_FATAL_FAILURE(CheckPowerCuts(world));
  }
}

// Goal: the same where the process before was killed at any call: then what is
// read may not be on the disk yet. Method: kill one at each call, and cut the
// power at each call of the next.
TEST_F(CursorPowerCutTest, APlaceReadAfterAKillIsNotTakenForDurable) {
  bool killed = true;
  for (int64_t calls = 0; killed; ++calls) {
    World first;
    killed = !first.Run({1000, 2000, 3000}, calls);
    for (const size_t in_flight_bytes : {0, 100, 1'000'000}) {
      bool cut = true;
      for (int64_t more = 0; cut; ++more) {
        SCOPED_TRACE(absl::StrCat("killed after call ", calls, " and ",
                                  in_flight_bytes, " bytes, stopped after ",
                                  more));
        World second = first.AfterKill(in_flight_bytes);
        ASSERT_NO_FATAL_FAILURE(second.Check());
        cut = !second.Run({4000, 5000}, more);
        ASSERT_NO_FATAL_FAILURE(CheckPowerCuts(second));
      }
    }
  }
}

// Goal: the same where its sync had failed, which the kernel takes for done: no
// later sync makes durable what was not written again.
TEST_F(CursorPowerCutTest, APlaceWhoseSyncFailedIsNotTakenForDurable) {
  World first;
  first.FailSyncsAfter(3);
  ASSERT_FALSE(first.Run({1000, 2000, 3000}, kAllCalls));
  bool cut = true;
  for (int64_t calls = 0; cut; ++calls) {
    SCOPED_TRACE(absl::StrCat("stopped after call ", calls));
    World second = first.AfterKill(0);
    ASSERT_NO_FATAL_FAILURE(second.Check());
    cut = !second.Run({4000}, calls);
    ASSERT_NO_FATAL_FAILURE(CheckPowerCuts(second));
  }
}

// Goal: of a file that is not used nothing comes back once a new place is
// stored, though its generations are greater.
TEST_F(CursorPowerCutTest, NothingOfAnotherJournalsCursorComesBack) {
  bool stopped = true;
  for (int64_t calls = 0; stopped; ++calls) {
    SCOPED_TRACE(absl::StrCat("stopped after call ", calls));
    World world;
    ASSERT_TRUE(
        world.Run({1000, 2000, 3000, 4000}, kAllCalls, kOtherJournalId));
    world.Forget();
    stopped = !world.Run({50, 60}, calls);
    ASSERT_NO_FATAL_FAILURE(CheckPowerCuts(world));
  }
}

}  // namespace
}  // namespace logboom
