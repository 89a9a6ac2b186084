#include "server/journal/cursor_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/server/journal/cursor_fixture.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Call = FaultyFileSystem::Call;

constexpr size_t kSlot = kCursorSlotBytes;
constexpr size_t kMarkAt = static_cast<size_t>(kCursorMarkAt);

// The seam without a boot id, as where /proc is not mounted.
class NoBootId final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(absl::string_view path,
                                             Mode mode) override {
    return SystemFiles()->Open(path, mode);
  }
  absl::StatusOr<std::vector<std::string>> List(
      absl::string_view folder) override {
    return SystemFiles()->List(folder);
  }
  absl::Status CreateFolder(absl::string_view folder) override {
    return SystemFiles()->CreateFolder(folder);
  }
  absl::Status SyncFolder(absl::string_view folder) override {
    return SystemFiles()->SyncFolder(folder);
  }
  absl::Status Remove(absl::string_view path) override {
    return SystemFiles()->Remove(path);
  }
  absl::Status Rename(absl::string_view from, absl::string_view to) override {
    return SystemFiles()->Rename(from, to);
  }
  std::string BootId() override { return ""; }
};

class CursorFileTest : public ::testing::Test {
 protected:
  // As a process that starts finds it.
  CursorFile Reopen(FileSystem* files, const JournalId& id = kJournalId) {
    CursorFileContents contents;
    if (std::filesystem::exists(path_)) contents = Read(files);
    return CursorFile(files, path_, "errors", id, std::move(contents));
  }
  CursorFile Reopen() { return Reopen(&files_); }

  CursorFileContents Read(FileSystem* files) {
    absl::StatusOr<CursorFileContents> contents = ReadCursorFile(files, path_);
    EXPECT_TRUE(contents.ok()) << contents.status();
    return contents.ok() ? *std::move(contents) : CursorFileContents();
  }
  CursorFileContents Read() { return Read(&files_); }

  // Stores these places, each once, as one process.
  void StoreAll(const std::vector<Offset>& offsets) {
    CursorFile cursor = Reopen();
    for (const Offset offset : offsets) {
      ASSERT_TRUE(cursor.Store(PositionAt(offset)).ok());
    }
  }

  // A file with a slot of each of two generations and a mark behind the second.
  void WriteTwoSlotsAndAMark() {
    CursorFile cursor = Reopen();
    ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
    ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
    ASSERT_TRUE(MarkWrite(&cursor, 2000, 2100).ok());
  }

  std::string Bytes() const { return BytesOf(path_); }
  void SetFile(const std::string& bytes) const { SetBytes(path_, bytes); }
  // Makes one slot unreadable.
  void DamageSlot(size_t slot) const {
    std::string bytes = Bytes();
    bytes[slot * kSlot + 100] ^= 1;
    SetFile(bytes);
  }

  TempFolder folder_;
  FaultyFileSystem files_;
  const std::string path_ = folder_.PathOf("cursors/errors.cursor");
};

TEST_F(CursorFileTest, AHandlerNewToTheJournalHasNoPlace) {
  const CursorFile cursor = Reopen();
  EXPECT_EQ(cursor.name(), "errors");
  EXPECT_EQ(cursor.stored(), std::nullopt);
  EXPECT_EQ(cursor.mark(), std::nullopt);
}

TEST_F(CursorFileTest, TheFirstStoreCreatesFileAndFolder) {
  CursorFile cursor = Reopen();
  EXPECT_FALSE(std::filesystem::exists(folder_.PathOf("cursors")));
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  EXPECT_EQ(Reopen().stored(), PositionAt(1000));
  EXPECT_THAT(Read().problem, IsEmpty()) << "a slot never written is normal";
}

TEST_F(CursorFileTest, ReadsBackTheLastPlaceStored) {
  for (Offset offset = 1000; offset < 1010; ++offset) {
    StoreAll({offset});
    EXPECT_EQ(Reopen().stored(), PositionAt(offset));
    EXPECT_THAT(Read().problem, IsEmpty());
  }
}

TEST_F(CursorFileTest, StoredStaysAsItWasWhenTheCursorWasOpened) {
  StoreAll({1000});
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
  EXPECT_EQ(cursor.stored(), PositionAt(1000));
}

// A rewind stores a lesser offset: the later Store counts, not the greater.
TEST_F(CursorFileTest, ALesserOffsetStoredLaterIsThePlace) {
  StoreAll({2000, 1000});
  EXPECT_EQ(Reopen().stored(), PositionAt(1000));
}

TEST_F(CursorFileTest, TheSlotBeforeIsUntilTheNextStoreWhatItWas) {
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  for (size_t i = 1; i < 8; ++i) {
    ASSERT_TRUE(cursor.Store(PositionAt(1000 + i)).ok());
    const std::string good = Bytes();
    DamageSlot(i % 2);
    EXPECT_EQ(Reopen().stored(), PositionAt(1000 + i - 1));
    SetFile(good);
  }
}

TEST_F(CursorFileTest, NeitherStoresNorMarksMakeTheFileGrow) {
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  const int allocated = files_.calls(Call::kAllocate);
  const auto size = std::filesystem::file_size(path_);
  ASSERT_TRUE(MarkWrite(&cursor, 1000, 1000 + 10'000).ok()) << "1 MB of text";
  ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
  ASSERT_TRUE(cursor.Store(PositionAt(3000)).ok());
  EXPECT_EQ(std::filesystem::file_size(path_), size);
  EXPECT_EQ(files_.calls(Call::kAllocate), allocated);
}

// Goal: wherever a power cut left a slot half written, the cursor is the place
// stored last or the one before. Method: every mix of old and new bytes that a
// disk writing forwards or backwards can leave.
TEST_F(CursorFileTest, ASlotTornAtAnyByteGivesTheNewPlaceOrTheOneBefore) {
  StoreAll({1000, 2000});
  const std::string old = Bytes();
  StoreAll({3000});
  const std::string now = Bytes();
  for (size_t cut = 0; cut <= kSlot; ++cut) {
    SCOPED_TRACE(absl::StrCat("cut at byte ", cut));
    SetFile(now.substr(0, cut) + old.substr(cut));
    const auto forwards = Reopen().stored();
    ASSERT_TRUE(forwards == PositionAt(2000) || forwards == PositionAt(3000));
    SetFile(old.substr(0, cut) + now.substr(cut));
    const auto backwards = Reopen().stored();
    ASSERT_TRUE(backwards == PositionAt(2000) || backwards == PositionAt(3000));
  }
}

TEST_F(CursorFileTest, AFlippedBitAnywhereNeverGivesAWrongPlace) {
  WriteTwoSlotsAndAMark();
  const std::string good = Bytes();
  const size_t mark_end =
      kMarkAt + EncodeCursorMark(2, "boot-1", MarkBetween(2000, 2100)).size();
  ASSERT_EQ(Reopen().mark(), MarkBetween(2000, 2100));
  for (size_t at = 0; at < good.size(); ++at) {
    SCOPED_TRACE(absl::StrCat("flipped at byte ", at));
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    SetFile(changed);
    const CursorFileContents contents = Read();
    const CursorFile cursor = Reopen();
    const bool in_newest = at >= kSlot && at < kMarkAt;
    ASSERT_EQ(cursor.stored(), PositionAt(in_newest ? 1000 : 2000));
    ASSERT_EQ(contents.problem.empty(), at >= kMarkAt);
    if (at >= kMarkAt && at < mark_end) {
      ASSERT_EQ(cursor.mark(), std::nullopt);
    } else {
      ASSERT_EQ(cursor.mark(), MarkBetween(2000, 2100))
          << "it says more than either slot";
    }
  }
}

TEST_F(CursorFileTest, CutAtAnyByteItGivesTheNewestPlaceThatIsWhole) {
  WriteTwoSlotsAndAMark();
  const std::string good = Bytes();
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(absl::StrCat("cut after byte ", size));
    SetFile(good.substr(0, size));
    const auto stored = Reopen().stored();
    if (size < kSlot) {
      ASSERT_EQ(stored, std::nullopt);
    } else {
      ASSERT_EQ(stored, PositionAt(size < kMarkAt ? 1000 : 2000));
    }
    ASSERT_EQ(Read().problem.empty(), size >= kMarkAt);
  }
}

TEST_F(CursorFileTest, GoesOnAfterDamageOfEitherSlot) {
  for (const size_t slot : {0, 1}) {
    SCOPED_TRACE(slot);
    StoreAll({1000, 2000});
    DamageSlot(slot);
    StoreAll({3000});
    EXPECT_EQ(Reopen().stored(), PositionAt(3000));
    EXPECT_THAT(Read().problem, IsEmpty()) << "the damaged one was replaced";
  }
}

TEST_F(CursorFileTest, SaysWhichPlaceIsUsedBesideADamagedSlot) {
  StoreAll({1000, 2000});
  DamageSlot(1);
  EXPECT_EQ(Read().problem,
            "one of the slots is damaged (checksum mismatch): the other, "
            "offset 1000, is used");
}

// Where both slots had been written, zeros are damage as well.
TEST_F(CursorFileTest, SaysSoWhenASlotWasOverwrittenWithZeros) {
  StoreAll({1000, 2000});
  SetFile(Bytes().replace(0, kSlot, kSlot, '\0'));
  EXPECT_THAT(Read().problem, HasSubstr("damaged"));
  EXPECT_EQ(Reopen().stored(), PositionAt(2000));
}

TEST_F(CursorFileTest, AFileOfZerosIsEmptyAndNoCursor) {
  StoreAll({1000});
  for (const size_t size : {size_t{0}, size_t{1}, kSlot, size_t{100'000}}) {
    SetFile(std::string(size, '\0'));
    EXPECT_EQ(Read().newest, std::nullopt);
    EXPECT_THAT(Read().problem, HasSubstr("empty"));
  }
}

TEST_F(CursorFileTest, AFileOfGarbageIsReportedAndNoCursor) {
  StoreAll({1000});
  for (const size_t size : {size_t{1}, kSlot, size_t{100'000}}) {
    SetFile(std::string(size, 'x'));
    EXPECT_EQ(Read().newest, std::nullopt);
    EXPECT_THAT(Read().problem, HasSubstr("no slot is whole"));
  }
}

TEST_F(CursorFileTest, AFailedWriteLeavesTheLastPlace) {
  StoreAll({1000});
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
  for (int i = 0; i < 3; ++i) {
    files_.Fail(Call::kWrite, absl::ResourceExhaustedError("disk full"));
    EXPECT_EQ(cursor.Store(PositionAt(3000)).code(),
              absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(Reopen().stored(), PositionAt(2000));
  }
  ASSERT_TRUE(cursor.Store(PositionAt(4000)).ok());
  EXPECT_EQ(Reopen().stored(), PositionAt(4000));
}

// Goal: what a failed sync may have kept from the disk is written again, and
// the slot that is on disk is not touched in between.
TEST_F(CursorFileTest, AFailedSyncLeavesTheLastPlace) {
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
  const std::string durable = Bytes();
  for (int i = 0; i < 3; ++i) {
    files_.Fail(Call::kSync, absl::UnavailableError("I/O error"));
    EXPECT_FALSE(cursor.Store(PositionAt(3000)).ok());
    EXPECT_EQ(Bytes().substr(kSlot, kSlot), durable.substr(kSlot, kSlot));
  }
  ASSERT_TRUE(cursor.Store(PositionAt(4000)).ok());
  EXPECT_EQ(Reopen().stored(), PositionAt(4000));
  EXPECT_EQ(Bytes().substr(kSlot, kSlot), durable.substr(kSlot, kSlot));
}

TEST_F(CursorFileTest, TheFirstStoreSucceedsOnceTheDiskDoes) {
  CursorFile cursor = Reopen();
  for (const Call call :
       {Call::kOpen, Call::kAllocate, Call::kWrite, Call::kSync}) {
    files_.Fail(call, absl::ResourceExhaustedError("disk full"));
    EXPECT_FALSE(cursor.Store(PositionAt(1000)).ok());
    EXPECT_EQ(Reopen().stored(), std::nullopt);
  }
  ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
  EXPECT_EQ(Reopen().stored(), PositionAt(2000));
  EXPECT_THAT(Read().problem, IsEmpty());
}

// The process before may have been killed between writing and syncing: then
// the other slot is the only one on the disk.
TEST_F(CursorFileTest, WhatWasReadIsDurableBeforeTheOtherSlotIsOverwritten) {
  StoreAll({1000, 2000});
  CursorFile cursor = Reopen();
  const std::string before = Bytes();
  std::vector<std::string> calls;
  files_.SetHook([&](Call call) {
    if (call == Call::kWrite) calls.push_back("write");
    if (call == Call::kSync) {
      calls.push_back(Bytes() == before ? "sync the old" : "sync the new");
    }
  });
  ASSERT_TRUE(cursor.Store(PositionAt(3000)).ok());
  EXPECT_THAT(calls,
              ElementsAre("write", "sync the old", "write", "sync the new"));
}

TEST_F(CursorFileTest, AMarkSurvivesTheProcess) {
  WriteTwoSlotsAndAMark();
  EXPECT_EQ(Reopen().mark(), MarkBetween(2000, 2100));
  EXPECT_EQ(Reopen().stored(), PositionAt(2000));
}

TEST_F(CursorFileTest, TheLastMarkCountsWhateverItsLength) {
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  ASSERT_TRUE(MarkWrite(&cursor, 1000, 50'000).ok());
  EXPECT_EQ(Reopen().mark(), MarkBetween(1000, 50'000));
  ASSERT_TRUE(MarkWrite(&cursor, 50'000, 50'001).ok());
  EXPECT_EQ(Reopen().mark(), MarkBetween(50'000, 50'001));
}

TEST_F(CursorFileTest, AMarkDoesNotSurviveTheMachine) {
  WriteTwoSlotsAndAMark();
  files_.ChangeBootId();
  EXPECT_EQ(Reopen().mark(), std::nullopt);
  EXPECT_EQ(Reopen().stored(), PositionAt(2000));
}

TEST_F(CursorFileTest, WithoutABootIdNoMarkCounts) {
  NoBootId files;
  CursorFile cursor = Reopen(&files);
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  ASSERT_TRUE(MarkWrite(&cursor, 1000, 1100).ok());
  EXPECT_EQ(Reopen(&files).mark(), std::nullopt);
  EXPECT_EQ(Reopen(&files).stored(), PositionAt(1000));
}

TEST_F(CursorFileTest, ALaterStoreMakesTheMarkVoid) {
  WriteTwoSlotsAndAMark();
  StoreAll({3000});
  EXPECT_EQ(Reopen().stored(), PositionAt(3000));
  EXPECT_EQ(Reopen().mark(), std::nullopt);
}

TEST_F(CursorFileTest, OpeningAloneLeavesTheMark) {
  WriteTwoSlotsAndAMark();
  { const CursorFile cursor = Reopen(); }
  EXPECT_EQ(Reopen().mark(), MarkBetween(2000, 2100));
}

TEST_F(CursorFileTest, AMarkThatCouldNotBeWrittenIsNoMark) {
  WriteTwoSlotsAndAMark();
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(3000)).ok());
  files_.Fail(Call::kWrite, absl::UnavailableError("I/O error"));
  EXPECT_FALSE(MarkWrite(&cursor, 3000, 3100).ok());
  EXPECT_EQ(Reopen().mark(), std::nullopt);
}

// Whether or not the failed slot is found later, the mark is newer than it.
TEST_F(CursorFileTest, AMarkBehindAFailedStoreCounts) {
  for (const Call call : {Call::kWrite, Call::kSync}) {
    StoreAll({1000, 2000});
    CursorFile cursor = Reopen();
    ASSERT_TRUE(cursor.Store(PositionAt(3000)).ok());
    files_.Fail(call, absl::UnavailableError("I/O error"));
    ASSERT_FALSE(cursor.Store(PositionAt(3050)).ok());
    ASSERT_TRUE(MarkWrite(&cursor, 3050, 3100).ok());
    EXPECT_EQ(Reopen().mark(), MarkBetween(3050, 3100));
  }
}

// The first version gave the next attempt the failed one's generation, and so
// took a mark from between the two for one behind the second.
TEST_F(CursorFileTest, AMarkBehindAFailedStoreIsVoidAfterTheNext) {
  for (const Call call : {Call::kWrite, Call::kSync}) {
    StoreAll({1000});
    CursorFile cursor = Reopen();
    ASSERT_TRUE(cursor.Store(PositionAt(3000)).ok());
    files_.Fail(call, absl::UnavailableError("I/O error"));
    ASSERT_FALSE(cursor.Store(PositionAt(3050)).ok());
    ASSERT_TRUE(MarkWrite(&cursor, 3050, 3100).ok());
    ASSERT_TRUE(cursor.Store(PositionAt(500)).ok()) << "a rewind, say";
    EXPECT_EQ(Reopen().stored(), PositionAt(500));
    EXPECT_EQ(Reopen().mark(), std::nullopt);
  }
}

// The same across processes: the mark's generation is above the slots'.
TEST_F(CursorFileTest, TheNextProcessesStoreMakesSuchAMarkVoidToo) {
  StoreAll({1000});
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(2000)).ok());
  for (int i = 0; i < 3; ++i) {
    files_.Fail(Call::kWrite, absl::UnavailableError("I/O error"));
    ASSERT_FALSE(cursor.Store(PositionAt(2050)).ok());
  }
  ASSERT_TRUE(MarkWrite(&cursor, 2050, 2100).ok());
  ASSERT_EQ(Reopen().mark(), MarkBetween(2050, 2100));
  StoreAll({500});
  EXPECT_EQ(Reopen().stored(), PositionAt(500));
  EXPECT_EQ(Reopen().mark(), std::nullopt);
}

TEST_F(CursorFileTest, TheMarkHasTheOutputItWasWrittenFor) {
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store({.offset = 1000}).ok()) << "no file was open yet";
  ASSERT_TRUE(MarkWrite(&cursor, 1000, 1100).ok());
  EXPECT_EQ(Reopen().mark(), MarkBetween(1000, 1100));
}

TEST_F(CursorFileTest, AMarkNeedsAPlaceItFollows) {
  CursorFile fresh = Reopen();
  EXPECT_EQ(MarkWrite(&fresh, 1000, 1100).code(), absl::StatusCode::kInternal);
  files_.Fail(Call::kSync, absl::UnavailableError("I/O error"), 2);
  EXPECT_FALSE(fresh.Store(PositionAt(1000)).ok());
  EXPECT_EQ(MarkWrite(&fresh, 1000, 1100).code(), absl::StatusCode::kInternal);
}

TEST_F(CursorFileTest, ACursorOfAnotherJournalIsNotUsed) {
  StoreAll({1000, 2000});
  const CursorFile cursor = Reopen(&files_, kOtherJournalId);
  EXPECT_EQ(cursor.stored(), std::nullopt);
  EXPECT_EQ(cursor.mark(), std::nullopt);
}

// Goal: once a handler has started anew nothing of the old file can win, not
// even where what was damaged can be read again.
TEST_F(CursorFileTest, StartingAnewLeavesNothingOfTheFileThatWas) {
  WriteTwoSlotsAndAMark();
  StoreAll({3000, 4000, 5000});
  for (const JournalId& id : {kJournalId, kOtherJournalId}) {
    DamageSlot(0);
    DamageSlot(1);
    CursorFile cursor = Reopen(&files_, id);
    ASSERT_EQ(cursor.stored(), std::nullopt);
    ASSERT_TRUE(cursor.Store(PositionAt(70)).ok());
    const std::string bytes = Bytes();
    EXPECT_EQ(Reopen(&files_, id).stored(), PositionAt(70));
    EXPECT_EQ(Read().newest->generation, 1u);
    EXPECT_EQ(bytes.find_first_not_of('\0', kSlot), std::string::npos)
        << "zeros behind the one slot";
    StoreAll({3000, 4000});
  }
}

TEST_F(CursorFileTest, StartingAnewClearsAnotherJournalsGreaterGenerations) {
  StoreAll({1000, 2000, 3000, 4000});
  CursorFile cursor = Reopen(&files_, kOtherJournalId);
  ASSERT_TRUE(cursor.Store(PositionAt(70)).ok());
  EXPECT_EQ(Reopen(&files_, kOtherJournalId).stored(), PositionAt(70));
  DamageSlot(0);
  EXPECT_EQ(Read().newest, std::nullopt);
}

// A mark of the file that was may have the new slot's generation.
TEST_F(CursorFileTest, StartingAnewLeavesNoMark) {
  CursorFile cursor = Reopen();
  ASSERT_TRUE(cursor.Store(PositionAt(1000)).ok());
  ASSERT_TRUE(MarkWrite(&cursor, 1000, 1100).ok());
  DamageSlot(0);
  StoreAll({70});
  EXPECT_EQ(Reopen().stored(), PositionAt(70));
  EXPECT_EQ(Reopen().mark(), std::nullopt);
}

TEST_F(CursorFileTest, StartsAnewInAShortOrLongFile) {
  for (const size_t size : {size_t{0}, size_t{100}, size_t{100'000}}) {
    StoreAll({1000});
    SetFile(std::string(size, 'x'));
    StoreAll({2000, 3000});
    EXPECT_EQ(Reopen().stored(), PositionAt(3000));
    EXPECT_THAT(Read().problem, IsEmpty());
  }
}

// A place that cannot be read now is not a place that does not exist.
TEST_F(CursorFileTest, AFileThatCannotBeReadIsAnError) {
  StoreAll({1000, 2000});
  for (const Call call : {Call::kOpen, Call::kRead}) {
    files_.Fail(call, absl::UnavailableError("I/O error"), 2);
    EXPECT_EQ(ReadCursorFile(&files_, path_).status().code(),
              absl::StatusCode::kUnavailable);
    files_.Heal(call);
  }
  EXPECT_EQ(Reopen().stored(), PositionAt(2000));
}

TEST_F(CursorFileTest, ASlotThatCannotBeReadCountsAsDamaged) {
  StoreAll({1000, 2000});
  files_.Fail(Call::kRead, absl::UnavailableError("I/O error"));
  const CursorFileContents contents = Read();
  ASSERT_TRUE(contents.newest.has_value());
  EXPECT_EQ(contents.newest->position, PositionAt(2000));
  EXPECT_THAT(contents.problem, HasSubstr("damaged (I/O error)"));
}

TEST_F(CursorFileTest, AMarkThatCannotBeReadIsNoMark) {
  WriteTwoSlotsAndAMark();
  int reads = 0;
  files_.SetHook([&](Call call) {
    if (call == Call::kRead && ++reads == 3) {
      files_.Fail(Call::kRead, absl::UnavailableError("I/O error"));
    }
  });
  const CursorFile cursor = Reopen();
  EXPECT_EQ(reads, 3);
  EXPECT_EQ(cursor.stored(), PositionAt(2000));
  EXPECT_EQ(cursor.mark(), std::nullopt);
}

}  // namespace
}  // namespace logboom
