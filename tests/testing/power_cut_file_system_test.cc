#include "tests/testing/power_cut_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Call = PowerCutFileSystem::Call;
using Mode = FileSystem::Mode;

// Leaves these parts of each file; of each name the first `changes`.
class ChosenSurvival final : public Survival {
 public:
  explicit ChosenSurvival(std::vector<SurvivingPart> parts, size_t changes = 99)
      : parts_(std::move(parts)), changes_(changes) {}
  std::vector<SurvivingPart> OfFile(
      absl::string_view path,
      const std::vector<DiskOperation>& unsynced) override {
    return parts_;
  }
  size_t OfName(absl::string_view path, size_t changes) override {
    return changes_;
  }

 private:
  const std::vector<SurvivingPart> parts_;
  const size_t changes_;
};

class PowerCutFileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.CreateFolder("d").ok()); }

  std::unique_ptr<File> Open(Mode mode = Mode::kOpenOrCreate) {
    auto file = files_.Open("d/f", mode);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  // A file of these bytes whose contents and name are durable.
  std::unique_ptr<File> OpenDurable(absl::string_view bytes) {
    auto file = Open();
    EXPECT_TRUE(file->WriteAt(0, {bytes}).ok());
    EXPECT_TRUE(file->Sync().ok());
    EXPECT_TRUE(files_.SyncFolder("d").ok());
    return file;
  }
  // What d/f holds; nullopt: there is no such file.
  static std::optional<std::string> Contents(FileSystem* files) {
    auto file = files->Open("d/f", Mode::kRead);
    if (!file.ok()) return std::nullopt;
    std::string bytes(100, '\0');
    bytes.resize((*file)->ReadAt(0, absl::MakeSpan(&bytes[0], 100)).value());
    EXPECT_EQ((*file)->Size().value(), static_cast<int64_t>(bytes.size()));
    return bytes;
  }
  std::optional<std::string> Now() { return Contents(&files_); }
  std::optional<std::string> AfterCut(Survival&& survival) {
    return Contents(files_.PowerCut(&survival).get());
  }
  std::optional<std::string> AfterKill(size_t in_flight_bytes = 0) {
    return Contents(files_.Kill(in_flight_bytes).get());
  }
  // All that can be there after a power cut, by `tries` random ones.
  std::set<std::string> RandomOutcomes(int tries) {
    std::set<std::string> outcomes;
    for (int seed = 0; seed < tries; ++seed) {
      outcomes.insert(
          AfterCut(RandomSurvival(static_cast<uint64_t>(seed))).value_or("-"));
    }
    return outcomes;
  }

  PowerCutFileSystem files_;
};

TEST_F(PowerCutFileSystemTest, ReadsWhatWasWrittenLast) {
  const auto file = Open();
  ASSERT_TRUE(file->WriteAt(1, {"ab", "", "cd"}).ok());
  ASSERT_TRUE(file->WriteAt(2, {"X"}).ok());
  EXPECT_EQ(Now(), std::string("\0aXcd", 5));
  ASSERT_TRUE(file->Truncate(3).ok());
  ASSERT_TRUE(file->Allocate(2).ok()) << "less than there is: nothing to do";
  EXPECT_EQ(Now(), std::string("\0aX", 3));
  ASSERT_TRUE(file->Allocate(5).ok());
  EXPECT_EQ(Now(), std::string("\0aX\0\0", 5));
}

TEST_F(PowerCutFileSystemTest, NamesAreKeptAsTheSystemDoes) {
  EXPECT_TRUE(absl::IsNotFound(files_.Open("d/f", Mode::kRead).status()));
  EXPECT_TRUE(absl::IsNotFound(files_.Open("e/f", Mode::kCreate).status()));
  EXPECT_TRUE(absl::IsNotFound(files_.Remove("d/f")));
  EXPECT_TRUE(absl::IsNotFound(files_.List("e").status()));
  EXPECT_TRUE(absl::IsNotFound(files_.SyncFolder("e")));
  const auto file = Open(Mode::kCreate);
  EXPECT_TRUE(
      absl::IsAlreadyExists(files_.Open("d/f", Mode::kCreate).status()));
  ASSERT_TRUE(files_.CreateFolder("d/sub").ok());
  EXPECT_THAT(files_.List("d").value(), UnorderedElementsAre("f", "sub"));
  ASSERT_TRUE(files_.Remove("d/f").ok());
  EXPECT_THAT(files_.List("d").value(), ElementsAre("sub"));
  EXPECT_TRUE(file->WriteAt(0, {"still open"}).ok());
}

TEST_F(PowerCutFileSystemTest, AFileOpenedForReadingCannotBeWritten) {
  OpenDurable("old");
  EXPECT_FALSE(Open(Mode::kRead)->WriteAt(0, {"new"}).ok());
  EXPECT_EQ(Now(), "old");
}

TEST_F(PowerCutFileSystemTest, ALockExcludesOthersUntilItsFileIsClosed) {
  auto first = Open();
  ASSERT_TRUE(first->Lock().ok());
  EXPECT_TRUE(first->Lock().ok());
  const auto second = Open();
  EXPECT_TRUE(absl::IsAborted(second->Lock()));
  EXPECT_TRUE(files_.Kill(0)->Open("d/f", Mode::kRead).value()->Lock().ok())
      << "a dead process holds no lock";
  first.reset();
  EXPECT_TRUE(second->Lock().ok());
}

TEST_F(PowerCutFileSystemTest, WhatWasSyncedSurvives) {
  OpenDurable("bytes");
  EXPECT_EQ(AfterCut(NothingSurvives()), "bytes");
}

TEST_F(PowerCutFileSystemTest, OneFileObjectSyncsWhatAnotherWrote) {
  const auto writer = OpenDurable("old");
  ASSERT_TRUE(writer->WriteAt(0, {"new"}).ok());
  ASSERT_TRUE(Open()->Sync().ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), "new");
}

TEST_F(PowerCutFileSystemTest, WhatWasNotSyncedMayBeGone) {
  const auto file = OpenDurable("old");
  ASSERT_TRUE(file->WriteAt(0, {"new"}).ok());
  ASSERT_TRUE(file->Allocate(10).ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), "old");
  EXPECT_EQ(AfterCut(EverythingSurvives()),
            std::string("new\0\0\0\0\0\0\0", 10));
}

TEST_F(PowerCutFileSystemTest, AnUnsyncedTruncationMayComeUndone) {
  const auto file = OpenDurable("old");
  ASSERT_TRUE(file->Truncate(1).ok());
  EXPECT_EQ(Now(), "o");
  EXPECT_EQ(AfterCut(NothingSurvives()), "old");
  EXPECT_EQ(AfterCut(EverythingSurvives()), "o");
}

TEST_F(PowerCutFileSystemTest, OperationsSurviveInAnyOrder) {
  const auto file = OpenDurable("....");
  ASSERT_TRUE(file->WriteAt(0, {"aaa"}).ok());
  ASSERT_TRUE(file->WriteAt(1, {"bbb"}).ok());
  EXPECT_EQ(AfterCut(ChosenSurvival({{0, 0, 3}, {1, 0, 3}})), "abbb");
  EXPECT_EQ(AfterCut(ChosenSurvival({{1, 0, 3}, {0, 0, 3}})), "aaab");
  EXPECT_EQ(AfterCut(ChosenSurvival({{1, 0, 3}})), ".bbb");
}

TEST_F(PowerCutFileSystemTest, AWriteMayBeCutAnywhere) {
  const auto file = OpenDurable("..");
  ASSERT_TRUE(file->WriteAt(1, {"abc"}).ok());
  EXPECT_EQ(AfterCut(ChosenSurvival({{0, 0, 1}})), ".a");
  EXPECT_EQ(AfterCut(ChosenSurvival({{0, 2, 3}})), std::string("..\0c", 4))
      << "what lies between the old end and the new bytes is zeros";
  EXPECT_EQ(AfterCut(ChosenSurvival({{0, 3, 3}})), std::string("..\0\0", 4));
}

TEST_F(PowerCutFileSystemTest, ANewNameMayBeGoneUntilItsFolderIsSynced) {
  const auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, {"x"}).ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), std::nullopt);
  EXPECT_EQ(AfterCut(ChosenSurvival({}, 1)), "x");
  ASSERT_TRUE(files_.SyncFolder("d").ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), "x");
}

TEST_F(PowerCutFileSystemTest, ARemovedFileMayComeBackUntilItsFolderIsSynced) {
  OpenDurable("x");
  ASSERT_TRUE(files_.Remove("d/f").ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), "x");
  EXPECT_EQ(AfterCut(EverythingSurvives()), std::nullopt);
  ASSERT_TRUE(files_.SyncFolder("d").ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), std::nullopt);
}

TEST_F(PowerCutFileSystemTest, ANameMayLeadToAnyFileItHasLedTo) {
  OpenDurable("1");
  ASSERT_TRUE(files_.Remove("d/f").ok());
  {
    const auto second = Open(Mode::kCreate);
    ASSERT_TRUE(second->WriteAt(0, {"2"}).ok());
    ASSERT_TRUE(second->Sync().ok());
  }
  EXPECT_EQ(AfterCut(ChosenSurvival({}, 0)), "1");
  EXPECT_EQ(AfterCut(ChosenSurvival({}, 1)), std::nullopt);
  EXPECT_EQ(AfterCut(ChosenSurvival({}, 2)), "2");
}

TEST_F(PowerCutFileSystemTest, AFolderIsDurableWithItsParents) {
  ASSERT_TRUE(files_.CreateFolder("d/a/b").ok());
  NothingSurvives nothing;
  EXPECT_THAT(files_.PowerCut(&nothing)->List("d/a").value(), ElementsAre("b"));
}

TEST_F(PowerCutFileSystemTest, AfterAPowerCutAllThatIsThereIsDurable) {
  const auto file = OpenDurable("old");
  ASSERT_TRUE(file->WriteAt(0, {"new"}).ok());
  EverythingSurvives everything;
  const auto second = files_.PowerCut(&everything);
  NothingSurvives nothing;
  EXPECT_EQ(Contents(second->PowerCut(&nothing).get()), "new");
  EXPECT_NE(second->BootId(), files_.BootId());
}

TEST_F(PowerCutFileSystemTest, AKillLosesNothingAndMakesNothingDurable) {
  const auto file = OpenDurable("old");
  ASSERT_TRUE(file->WriteAt(0, {"new"}).ok());
  const auto second = files_.Kill(0);
  EXPECT_EQ(Contents(second.get()), "new");
  EXPECT_EQ(second->BootId(), files_.BootId());
  NothingSurvives nothing;
  EXPECT_EQ(Contents(second->PowerCut(&nothing).get()), "old");
  ASSERT_TRUE(second->Open("d/f", Mode::kRead).value()->Sync().ok());
  EXPECT_EQ(Contents(second->PowerCut(&nothing).get()), "new");
}

TEST_F(PowerCutFileSystemTest, WorldsDoNotShareFiles) {
  const auto file = OpenDurable("old");
  const auto second = files_.Kill(0);
  ASSERT_TRUE(
      second->Open("d/f", Mode::kReadWrite).value()->WriteAt(0, {"new"}).ok());
  EXPECT_EQ(Now(), "old");
}

TEST_F(PowerCutFileSystemTest, WhenTheWorldStopsEveryCallFails) {
  const auto file = OpenDurable("old");
  files_.StopAfter(1);
  EXPECT_TRUE(file->WriteAt(0, {"1"}).ok());
  EXPECT_FALSE(files_.stopped());
  EXPECT_FALSE(file->WriteAt(1, {"2"}).ok());
  EXPECT_TRUE(files_.stopped());
  const int64_t calls = files_.calls();
  char byte;
  EXPECT_FALSE(file->ReadAt(0, absl::MakeSpan(&byte, 1)).ok());
  EXPECT_FALSE(file->WriteAt(2, {"3"}).ok());
  EXPECT_FALSE(file->Truncate(0).ok());
  EXPECT_FALSE(file->Allocate(9).ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(file->Size().ok());
  EXPECT_FALSE(file->Lock().ok());
  EXPECT_FALSE(files_.Open("d/f", Mode::kRead).ok());
  EXPECT_FALSE(files_.Open("d/g", Mode::kCreate).ok());
  EXPECT_FALSE(files_.List("d").ok());
  EXPECT_FALSE(files_.CreateFolder("e").ok());
  EXPECT_FALSE(files_.SyncFolder("d").ok());
  EXPECT_FALSE(files_.Remove("d/f").ok());
  EXPECT_EQ(files_.calls(), calls);
  EXPECT_EQ(AfterCut(NothingSurvives()), "old");
  EXPECT_EQ(AfterCut(EverythingSurvives()), "12d") << "2 was in flight";
}

TEST_F(PowerCutFileSystemTest, AWriteInFlightIsThereUpToWhereItWasKilled) {
  const auto file = OpenDurable("...");
  files_.StopAfter(0);
  EXPECT_FALSE(file->WriteAt(0, {"abc"}).ok());
  EXPECT_EQ(AfterKill(0), "...");
  EXPECT_EQ(AfterKill(2), "ab.");
  EXPECT_EQ(AfterKill(99), "abc");
  const auto killed = files_.Kill(2);
  NothingSurvives nothing;
  EXPECT_EQ(Contents(killed->PowerCut(&nothing).get()), "...");
}

TEST_F(PowerCutFileSystemTest, ANameInFlightIsThereOrNot) {
  files_.StopAfter(0);
  EXPECT_FALSE(files_.Open("d/f", Mode::kCreate).ok());
  EXPECT_EQ(AfterKill(0), std::nullopt);
  EXPECT_EQ(AfterKill(1), "");
  EXPECT_EQ(AfterCut(NothingSurvives()), std::nullopt);
  EXPECT_EQ(AfterCut(EverythingSurvives()), "");
}

TEST_F(PowerCutFileSystemTest, ASyncInFlightPromisesNothing) {
  const auto file = OpenDurable("old");
  ASSERT_TRUE(file->WriteAt(0, {"new"}).ok());
  files_.StopAfter(0);
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_EQ(AfterCut(NothingSurvives()), "old");
}

TEST_F(PowerCutFileSystemTest, ACallFailsWhenTheTestSaysSo) {
  const auto file = OpenDurable("old.");
  files_.SetFault([](Call call, absl::string_view path) {
    EXPECT_EQ(path, "d/f");
    return absl::ErrnoToStatus(ENOSPC, path);
  });
  EXPECT_TRUE(absl::IsResourceExhausted(file->WriteAt(0, {"NEW!"})));
  EXPECT_EQ(Now(), "NEd.") << "a write that fails does the first half";
  EXPECT_TRUE(absl::IsResourceExhausted(file->Truncate(0)));
  EXPECT_TRUE(absl::IsResourceExhausted(file->Allocate(9)));
  EXPECT_TRUE(absl::IsResourceExhausted(files_.Remove("d/f")));
  EXPECT_EQ(Now(), "NEd.");
  files_.SetFault(nullptr);
  EXPECT_TRUE(file->WriteAt(0, {"NEW!"}).ok());
}

TEST_F(PowerCutFileSystemTest, AfterAFailedSyncNoLaterOneHelps) {
  const auto file = OpenDurable("old");
  ASSERT_TRUE(file->WriteAt(0, {"n"}).ok());
  files_.SetFault([](Call call, absl::string_view path) {
    return absl::ErrnoToStatus(EIO, path);
  });
  EXPECT_FALSE(file->Sync().ok());
  files_.SetFault(nullptr);
  ASSERT_TRUE(file->WriteAt(2, {"w"}).ok());
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(Now(), "nlw");
  EXPECT_EQ(AfterCut(NothingSurvives()), "olw");
  EXPECT_EQ(AfterCut(EverythingSurvives()), "nlw");
}

TEST_F(PowerCutFileSystemTest,
       WhatAFailedSyncLeftStaysBehindWhatIsSyncedLater) {
  const auto file = OpenDurable("..");
  ASSERT_TRUE(file->WriteAt(1, {"abc"}).ok());
  files_.SetFault([](Call call, absl::string_view path) {
    return absl::ErrnoToStatus(EIO, path);
  });
  EXPECT_FALSE(file->Sync().ok());
  files_.SetFault(nullptr);
  ASSERT_TRUE(file->WriteAt(2, {"X"}).ok());
  ASSERT_TRUE(file->Truncate(3).ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(AfterCut(EverythingSurvives()), ".aX");
  EXPECT_EQ(AfterCut(NothingSurvives()), "..X");
}

// Goal: the random power cut leaves out none of what a real one may do, and
// does nothing else.
TEST_F(PowerCutFileSystemTest, ARandomSurvivalReachesEveryOutcome) {
  const auto file = OpenDurable("...");
  ASSERT_TRUE(file->WriteAt(0, {"aa"}).ok());
  ASSERT_TRUE(file->WriteAt(1, {"bb"}).ok());
  EXPECT_THAT(RandomOutcomes(500),
              UnorderedElementsAre("...", "a..", "aa.", ".b.", ".bb", "ab.",
                                   "abb", "aab"));
}

TEST_F(PowerCutFileSystemTest, ARandomSurvivalCutsAtSectorsToo) {
  std::string two_sectors(600, 'x');
  const auto file = OpenDurable("");
  ASSERT_TRUE(file->WriteAt(500, {two_sectors}).ok());
  std::set<std::string> shapes;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    RandomSurvival survival(seed);
    const auto world = files_.PowerCut(&survival);
    std::string bytes(1100, '-');
    const size_t size = world->Open("d/f", Mode::kRead)
                            .value()
                            ->ReadAt(0, absl::MakeSpan(&bytes[0], 1100))
                            .value();
    bytes.resize(size);
    std::string shape;
    for (const size_t at : {500u, 512u, 1024u}) {
      shape += at < size && bytes[at] == 'x' ? 'x' : '.';
    }
    shapes.insert(shape);
  }
  EXPECT_THAT(shapes, UnorderedElementsAre("...", "x..", ".x.", "..x", "xx.",
                                           "x.x", ".xx", "xxx"));
}

TEST_F(PowerCutFileSystemTest, TheSameSeedGivesTheSame) {
  const auto file = OpenDurable("");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(file->WriteAt(i, {"abc"}).ok());
  EXPECT_EQ(AfterCut(RandomSurvival(7)), AfterCut(RandomSurvival(7)));
}

}  // namespace
}  // namespace logboom
