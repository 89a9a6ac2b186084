#include "server/journal/cursor_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/server/journal/cursor_fixture.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Call = FaultyFileSystem::Call;

class CursorFolderTest : public ::testing::Test {
 protected:
  // As the server does at its start.
  std::unique_ptr<CursorFolder> Open(const JournalId& id = kJournalId) {
    auto folder = CursorFolder::Open(&files_, journal_.path(), id);
    EXPECT_TRUE(folder.ok()) << folder.status();
    return *std::move(folder);
  }
  static std::unique_ptr<Cursor> Take(CursorFolder* folder,
                                      const std::string& name) {
    auto cursor = folder->Take(name);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    return *std::move(cursor);
  }
  // Leaves a cursor of that name behind.
  void Store(const std::string& name, Offset offset,
             const JournalId& id = kJournalId) {
    testing::internal::CaptureStderr();
    const auto folder = Open(id);
    ASSERT_TRUE(Take(folder.get(), name)->Store(PositionAt(offset)).ok());
    testing::internal::GetCapturedStderr();
  }
  std::vector<StoredCursor> List(
      CursorProblems problems = CursorProblems::kReport) {
    auto cursors = ListCursors(&files_, journal_.path(), problems);
    EXPECT_TRUE(cursors.ok()) << cursors.status();
    return *std::move(cursors);
  }
  std::vector<std::string> ListNames() {
    std::vector<std::string> names;
    for (const StoredCursor& cursor : List()) names.push_back(cursor.name);
    return names;
  }
  std::string PathOf(const std::string& file_name) const {
    return journal_.PathOf("cursors/" + file_name);
  }

  // The diagnostic lines that `action` gives.
  template <typename Action>
  static std::vector<std::string> LinesOf(Action action) {
    testing::internal::CaptureStderr();
    action();
    const std::string text = testing::internal::GetCapturedStderr();
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }

  TempFolder journal_;
  FaultyFileSystem files_;
};

TEST_F(CursorFolderTest, AJournalWithoutCursorsHasNone) {
  const auto folder = Open();
  EXPECT_EQ(folder->least_offset(), std::nullopt);
  EXPECT_THAT(folder->NotTaken(), IsEmpty());
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(PathOf("")))
      << "only a Store creates the folder";
}

TEST_F(CursorFolderTest, AHandlerFindsItsPlaceAgain) {
  Store("errors", 1000);
  Store("console", 2000);
  const auto folder = Open();
  EXPECT_EQ(Take(folder.get(), "errors")->stored(), PositionAt(1000));
  EXPECT_EQ(Take(folder.get(), "console")->stored(), PositionAt(2000));
  EXPECT_EQ(Take(folder.get(), "new")->stored(), std::nullopt);
}

TEST_F(CursorFolderTest, EveryByteOfANameThatIsNotPlainIsEscaped) {
  Store("a-Z_0", 1000);
  Store("../e r.%/\n\xC3\xA4", 2000);
  EXPECT_TRUE(std::filesystem::exists(PathOf("a-Z_0.cursor")));
  EXPECT_TRUE(std::filesystem::exists(
      PathOf("%2E%2E%2Fe%20r%2E%25%2F%0A%C3%A4.cursor")));
  EXPECT_THAT(ListNames(), ElementsAre("../e r.%/\n\xC3\xA4", "a-Z_0"));
}

TEST_F(CursorFolderTest, ANameOfAnyBytesIsReadBack) {
  std::string all;
  for (int byte = 0; byte < 80; ++byte) all.push_back(static_cast<char>(byte));
  std::string rest;
  for (int byte = 200; byte < 256; ++byte) {
    rest.push_back(static_cast<char>(byte));
  }
  Store(all, 1000);
  Store(rest, 2000);
  EXPECT_THAT(ListNames(), ElementsAre(all, rest));
}

TEST_F(CursorFolderTest, FilesThatAreNotCursorsAreLeftAlone) {
  Store("errors", 1000);
  for (const char* name :
       {"errors.cursor~", "errors", ".errors.cursor", "errors.cursor.bak",
        "a%2e.cursor", "a%2.cursor", "a%.cursor", "a%41.cursor", "a b.cursor",
        "%zz.cursor"}) {
    SetBytes(PathOf(name), "not ours");
  }
  EXPECT_THAT(LinesOf([this] {
                EXPECT_THAT(ListNames(), ElementsAre("errors"));
                EXPECT_THAT(Open()->NotTaken(), ElementsAre("errors"));
              }),
              IsEmpty());
}

TEST_F(CursorFolderTest, ACursorIsTakenOnce) {
  const auto folder = Open();
  auto cursor = Take(folder.get(), "errors");
  const auto again = folder->Take("errors");
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(again.status().message()), HasSubstr("errors"));
  ASSERT_TRUE(cursor->Store(PositionAt(1000)).ok());
  cursor.reset();
  EXPECT_EQ(Take(folder.get(), "errors")->stored(), PositionAt(1000));
}

TEST_F(CursorFolderTest, TheLeastOffsetCountsCursorsNobodyHasTaken) {
  Store("removed", 1000);
  Store("errors", 2000);
  const auto folder = Open();
  EXPECT_EQ(folder->least_offset(), 1000u);
  const auto errors = Take(folder.get(), "errors");
  EXPECT_EQ(folder->least_offset(), 1000u);
  const auto removed = Take(folder.get(), "removed");
  ASSERT_TRUE(removed->Store(PositionAt(3000)).ok());
  EXPECT_EQ(folder->least_offset(), 2000u);
}

TEST_F(CursorFolderTest, TheLeastOffsetFollowsWhatIsStored) {
  const auto folder = Open();
  auto cursor = Take(folder.get(), "errors");
  EXPECT_EQ(folder->least_offset(), std::nullopt) << "nothing stored yet";
  ASSERT_TRUE(cursor->Store(PositionAt(1000)).ok());
  EXPECT_EQ(folder->least_offset(), 1000u);
  files_.Fail(Call::kSync, absl::UnavailableError("I/O error"));
  EXPECT_FALSE(cursor->Store(PositionAt(2000)).ok());
  EXPECT_EQ(folder->least_offset(), 1000u) << "not durable";
  ASSERT_TRUE(cursor->Store(PositionAt(500)).ok());
  EXPECT_EQ(folder->least_offset(), 500u) << "rewound";
  cursor.reset();
  EXPECT_EQ(folder->least_offset(), 500u) << "still not passed by anyone";
}

TEST_F(CursorFolderTest, NamesTheStoredCursorsThatNobodyHasTaken) {
  Store("removed", 1000);
  Store("errors", 2000);
  const auto folder = Open();
  EXPECT_THAT(folder->NotTaken(), ElementsAre("errors", "removed"));
  auto errors = Take(folder.get(), "errors");
  const auto fresh = Take(folder.get(), "fresh");
  EXPECT_THAT(folder->NotTaken(), ElementsAre("removed"));
  errors.reset();
  Take(folder.get(), "never stored");
  EXPECT_THAT(folder->NotTaken(), ElementsAre("errors", "removed"));
}

TEST_F(CursorFolderTest, AMarkIsGivenAndListed) {
  {
    const auto folder = Open();
    const auto cursor = Take(folder.get(), "errors");
    ASSERT_TRUE(cursor->Store(PositionAt(1000)).ok());
    ASSERT_TRUE(MarkWrite(cursor.get(), 1000, 1100).ok());
  }
  const auto folder = Open();
  EXPECT_EQ(Take(folder.get(), "errors")->mark(), MarkBetween(1000, 1100));
  EXPECT_EQ(folder->least_offset(), 1000u) << "a mark is not durable";
  ASSERT_EQ(List().size(), 1u);
  EXPECT_EQ(List()[0].position, PositionAt(1000));
  EXPECT_EQ(List()[0].mark, MarkBetween(1000, 1100));
  EXPECT_EQ(List()[0].reached(), 1100u);
  files_.ChangeBootId();
  EXPECT_EQ(List()[0].reached(), 1000u);
}

TEST_F(CursorFolderTest, ACursorOfAnotherJournalIsReportedOnceAndNotUsed) {
  Store("errors", 1000, kOtherJournalId);
  const auto lines = LinesOf([this] {
    const auto folder = Open();
    EXPECT_EQ(folder->least_offset(), std::nullopt);
    EXPECT_THAT(folder->NotTaken(), IsEmpty());
    const auto cursor = Take(folder.get(), "errors");
    EXPECT_EQ(cursor->stored(), std::nullopt);
    EXPECT_TRUE(cursor->Store(PositionAt(70)).ok());
    EXPECT_EQ(folder->least_offset(), 70u);
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("errors.cursor: another journal's"));
  EXPECT_EQ(Take(Open().get(), "errors")->stored(), PositionAt(70));
}

// Each kind of damage: one line that names the file, and a handler that can go
// on.
TEST_F(CursorFolderTest, ADamagedCursorIsReportedOnceAndStartsAnew) {
  for (const std::string& bytes :
       {std::string(), std::string(16'384, '\0'), std::string(100, 'x'),
        std::string(16'384, 'x')}) {
    Store("errors", 1000);
    SetBytes(PathOf("errors.cursor"), bytes);
    const auto lines = LinesOf([this] {
      const auto folder = Open();
      EXPECT_EQ(folder->least_offset(), std::nullopt);
      EXPECT_EQ(Take(folder.get(), "errors")->stored(), std::nullopt);
    });
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], HasSubstr(PathOf("errors.cursor")));
    EXPECT_THAT(lines[0], HasSubstr("not used"));
  }
}

TEST_F(CursorFolderTest, DamageThatComesLaterIsReportedThen) {
  Store("errors", 1000);
  const auto folder = Open();
  SetBytes(PathOf("errors.cursor"), "x");
  EXPECT_EQ(LinesOf([&] { Take(folder.get(), "errors"); }).size(), 1u);
  EXPECT_EQ(folder->least_offset(), std::nullopt);
}

TEST_F(CursorFolderTest, ListsWhatIsWholeAndReportsTheRest) {
  Store("console", 1000);
  Store("errors", 2000, kOtherJournalId);
  Store("zeros", 3000);
  SetBytes(PathOf("zeros.cursor"), std::string(16'384, '\0'));
  const auto lines = LinesOf([this] {
    const std::vector<StoredCursor> cursors = List();
    ASSERT_EQ(cursors.size(), 2u);
    EXPECT_EQ(cursors[0].name, "console");
    EXPECT_EQ(cursors[0].journal_id, kJournalId);
    EXPECT_EQ(cursors[0].position, PositionAt(1000));
    EXPECT_EQ(cursors[1].name, "errors");
    EXPECT_EQ(cursors[1].journal_id, kOtherJournalId);
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("zeros.cursor: empty"));
  EXPECT_THAT(LinesOf([this] { List(CursorProblems::kIgnore); }), IsEmpty());
}

TEST_F(CursorFolderTest, ListingChangesNothing) {
  Store("errors", 1000);
  SetBytes(PathOf("zeros.cursor"), std::string(100, '\0'));
  const std::string before = BytesOf(PathOf("errors.cursor"));
  const int writes = files_.calls(Call::kWrite);
  List(CursorProblems::kIgnore);
  EXPECT_EQ(BytesOf(PathOf("errors.cursor")), before);
  EXPECT_EQ(BytesOf(PathOf("zeros.cursor")), std::string(100, '\0'));
  EXPECT_EQ(files_.calls(Call::kWrite), writes);
}

// Goal: a cursor that the disk does not give today must not cost its handler
// the records it has not passed, nor make it start anew.
TEST_F(CursorFolderTest, ACursorThatCannotBeReadHoldsBackEverything) {
  Store("errors", 1000);
  files_.Fail(Call::kOpen, absl::PermissionDeniedError("no permission"), 2);
  std::unique_ptr<CursorFolder> folder;
  const auto lines = LinesOf([&] { folder = Open(); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("no permission"));
  EXPECT_EQ(folder->least_offset(), 0u);
  EXPECT_THAT(folder->NotTaken(), ElementsAre("errors"));

  EXPECT_EQ(folder->Take("errors").status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(folder->least_offset(), 0u);
  EXPECT_EQ(Take(folder.get(), "errors")->stored(), PositionAt(1000));
  EXPECT_EQ(folder->least_offset(), 1000u);
}

TEST_F(CursorFolderTest, AFolderThatCannotBeListedIsAnError) {
  SetBytes(journal_.PathOf("cursors"), "a file in its place");
  EXPECT_FALSE(ListCursors(&files_, journal_.path()).ok());
  EXPECT_FALSE(CursorFolder::Open(&files_, journal_.path(), kJournalId).ok());
}

// For the thread sanitizer: runners store while the journal's thread asks.
TEST_F(CursorFolderTest, RunnersStoreWhileTheJournalAsks) {
  const auto folder = Open();
  std::vector<std::thread> runners;
  for (const std::string name : {"a", "b"}) {
    runners.emplace_back([&folder, name] {
      const auto cursor = Take(folder.get(), name);
      for (Offset offset = 1000; offset < 1020; ++offset) {
        EXPECT_TRUE(cursor->Store(PositionAt(offset)).ok());
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(folder->least_offset().value_or(1000), 1000u);
    folder->NotTaken();
  }
  for (std::thread& runner : runners) runner.join();
  EXPECT_EQ(folder->least_offset(), 1019u);
}

}  // namespace
}  // namespace logboom
