#include "server/logging/resume_output.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/logging/handler_world.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The cursor is at record 10, behind 3000 bytes; the write in progress went
// from record 20, at byte 5000, to record 30, at byte 15000.
class ResumeOutputTest : public testing::Test {
 protected:
  ResumeOutputTest() {
    world_.SetOutput(stored_ + "");
    struct stat info = {};
    stat(world_.path().c_str(), &info);
    slot_ = {.offset = 10, .output = {info.st_dev, info.st_ino, 3000}};
    before_ = {.offset = 20, .output = {info.st_dev, info.st_ino, 5000}};
    after_ = {.offset = 30, .output = {info.st_dev, info.st_ino, 15000}};
  }

  OutputClaim Marked() const {
    return {.position = slot_,
            .mark = CursorMark{before_, after_, PiecesOf(text_, 5000, 5000)}};
  }
  OutputClaim Unmarked(OutputClaim::Behind behind, int64_t own_end = 0) const {
    return {.position = slot_, .behind = behind, .own_end = own_end};
  }

  // What is decided for a file that has this.
  ResumedOutput Resume(const OutputClaim& claim, const std::string& contents) {
    world_.SetOutput(contents);
    auto file = AppendedFile::Own(
        UniqueFd(open(world_.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)),
        world_.path(), FileCalls::System());
    auto resumed = ResumeOutput(claim, &*file);
    EXPECT_TRUE(resumed.ok()) << resumed.status();
    EXPECT_EQ(resumed->position.output, file->output())
        << "it goes on at the file's end";
    return *std::move(resumed);
  }
  void LockByAnother() {
    other_ = UniqueFd(open(world_.path().c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(flock(other_.get(), LOCK_EX | LOCK_NB), 0);
  }
  std::string Output() const { return world_.Output(); }

  HandlerWorld world_;
  UniqueFd other_;
  const std::string stored_ = std::string(3000, 's');
  const std::string old_ = std::string(5000, 's');
  const std::string text_ = MessageOf(1, 10000);
  CursorPosition slot_, before_, after_;
};

TEST_F(ResumeOutputTest, AnUnknownFileIsGoneOnWithAtItsEnd) {
  const OutputClaim claim{.position = {.offset = 7}};
  const ResumedOutput resumed = Resume(claim, "somebody's\n");
  EXPECT_EQ(resumed.position.offset, 7u);
  EXPECT_EQ(resumed.note, "");
}

TEST_F(ResumeOutputTest, AWholeWriteIsDone) {
  const ResumedOutput resumed = Resume(Marked(), old_ + text_);
  EXPECT_EQ(resumed.position.offset, 30u);
  EXPECT_TRUE(resumed.ours);
  EXPECT_EQ(resumed.note, "");
}

TEST_F(ResumeOutputTest, AWholeWriteWithBytesBehindItIsDone) {
  const ResumedOutput resumed = Resume(Marked(), old_ + text_ + "by hand\n");
  EXPECT_EQ(resumed.position.offset, 30u);
  EXPECT_FALSE(resumed.ours);
  EXPECT_THAT(resumed.note, HasSubstr("has 8 bytes that are somebody else's"));
  EXPECT_THAT(resumed.note, Not(HasSubstr("second time")));
}

TEST_F(ResumeOutputTest, AWholeWriteBehindSomebodysBytesIsDone) {
  const ResumedOutput resumed = Resume(Marked(), old_ + "by hand\n" + text_);
  EXPECT_EQ(resumed.position.offset, 30u);
  EXPECT_FALSE(resumed.ours);
  EXPECT_THAT(resumed.note, HasSubstr("has 8 bytes"));
}

TEST_F(ResumeOutputTest, AWriteThatDidNotBeginIsToBeDone) {
  const ResumedOutput resumed = Resume(Marked(), old_);
  EXPECT_EQ(resumed.position.offset, 20u);
  EXPECT_EQ(resumed.note, "");
}

TEST_F(ResumeOutputTest, SomebodysBytesInPlaceOfTheWriteStay) {
  // As long as the text, too: a length says nothing.
  for (const size_t length : {8, 10000, 12000}) {
    const std::string contents = old_ + std::string(length, '!');
    const ResumedOutput resumed = Resume(Marked(), contents);
    EXPECT_EQ(resumed.position.offset, 20u);
    EXPECT_THAT(resumed.kept, IsEmpty());
    EXPECT_FALSE(resumed.ours);
    EXPECT_THAT(resumed.note,
                HasSubstr(absl::StrCat("has ", length, " bytes")));
    EXPECT_EQ(Output(), contents);
  }
}

TEST_F(ResumeOutputTest, AWriteCutAtAPageIsCutBack) {
  for (const size_t end : {8192, 12288}) {
    const ResumedOutput resumed =
        Resume(Marked(), (old_ + text_).substr(0, end));
    EXPECT_EQ(resumed.position.offset, 20u);
    EXPECT_TRUE(resumed.ours);
    EXPECT_EQ(resumed.note, "");
    EXPECT_EQ(Output(), old_);
  }
}

TEST_F(ResumeOutputTest, AWriteCutElsewhereIsNotCutBack) {
  for (const size_t end : {5001, 8191, 8193, 14999}) {
    const std::string contents = (old_ + text_).substr(0, end);
    const ResumedOutput resumed = Resume(Marked(), contents);
    EXPECT_EQ(resumed.position.offset, 20u);
    EXPECT_THAT(resumed.note, HasSubstr("second time"));
    EXPECT_EQ(Output(), contents);
  }
}

// Goal: of a write that was cut and has somebody's bytes behind it, the whole
// records are recognised when they are formatted again.
TEST_F(ResumeOutputTest, ACutWriteWithBytesBehindItIsKept) {
  const std::string contents = (old_ + text_).substr(0, 12288) + "by hand\n";
  const ResumedOutput resumed = Resume(Marked(), contents);
  EXPECT_EQ(resumed.position.offset, 20u);
  EXPECT_EQ(Output(), contents);
  EXPECT_EQ(KeptBytes(resumed, text_ + "more"), 7288u);
  EXPECT_EQ(KeptBytes(resumed, text_.substr(0, 7000)), 0u);
  EXPECT_EQ(KeptBytes(resumed, "x" + text_), 0u);
}

TEST_F(ResumeOutputTest, WithoutTheLockNothingIsCut) {
  LockByAnother();
  const std::string cut_write = (old_ + text_).substr(0, 12288);
  const ResumedOutput marked = Resume(Marked(), cut_write);
  EXPECT_EQ(marked.position.offset, 20u);
  EXPECT_EQ(KeptBytes(marked, text_), 7288u);
  EXPECT_EQ(Output(), cut_write);

  for (const auto behind :
       {OutputClaim::Behind::kUnknown, OutputClaim::Behind::kOwn}) {
    const ResumedOutput resumed = Resume(Unmarked(behind, 5000), old_);
    EXPECT_EQ(resumed.position.offset, 10u);
    EXPECT_FALSE(resumed.ours);
    EXPECT_EQ(Output(), old_);
  }
}

TEST_F(ResumeOutputTest, AShorterFileIsGoneOnWithAtItsEnd) {
  const ResumedOutput marked = Resume(Marked(), "new\n");
  EXPECT_EQ(marked.position.offset, 20u);
  EXPECT_THAT(marked.note, HasSubstr("4996 bytes shorter"));
  EXPECT_THAT(marked.note, HasSubstr("records from 20 on may be written a "
                                     "second time"));
  const ResumedOutput unmarked =
      Resume(Unmarked(OutputClaim::Behind::kUnknown), "new\n");
  EXPECT_EQ(unmarked.position.offset, 10u);
  EXPECT_EQ(Output(), "new\n");
}

TEST_F(ResumeOutputTest, AnotherFileIsGoneOnWithAtItsEnd) {
  world_.Replace("");
  const std::string contents = old_ + text_;
  for (const OutputClaim& claim :
       {Marked(), Unmarked(OutputClaim::Behind::kUnknown),
        Unmarked(OutputClaim::Behind::kOwn, 15000)}) {
    const ResumedOutput resumed = Resume(claim, contents);
    EXPECT_EQ(resumed.position.offset, claim.place().offset);
    EXPECT_FALSE(resumed.ours);
    EXPECT_THAT(resumed.note, HasSubstr("is another file than it was"));
    EXPECT_EQ(Output(), contents);
  }
}

// A mark without text, as it follows each store: nothing was in progress, so
// that what is behind can only be somebody's.
TEST_F(ResumeOutputTest, BehindASettledMarkAllIsSomebodys) {
  const OutputClaim claim{.position = slot_,
                          .mark = CursorMark{before_, before_, {}}};
  EXPECT_EQ(Resume(claim, old_).note, "");
  const ResumedOutput resumed = Resume(claim, old_ + "by hand\n");
  EXPECT_EQ(resumed.position.offset, 20u);
  EXPECT_THAT(resumed.note, HasSubstr("has 8 bytes"));
  EXPECT_THAT(resumed.note, Not(HasSubstr("second time")));
  EXPECT_EQ(Output(), old_ + "by hand\n");
}

TEST_F(ResumeOutputTest, AfterARestartOfTheMachineWhatIsBehindIsMoved) {
  const ResumedOutput resumed =
      Resume(Unmarked(OutputClaim::Behind::kUnknown), old_);
  EXPECT_EQ(resumed.position.offset, 10u);
  EXPECT_TRUE(resumed.ours);
  EXPECT_THAT(resumed.note, HasSubstr("2000 bytes"));
  EXPECT_THAT(resumed.note, HasSubstr("out.log.cut"));
  EXPECT_EQ(Output(), stored_);
  EXPECT_EQ(world_.Cut(), std::string(2000, 's'));
}

TEST_F(ResumeOutputTest, WhatCannotBeMovedIsTriedAgain) {
  ASSERT_EQ(mkdir((world_.path() + ".cut").c_str(), 0700), 0);
  world_.SetOutput(old_);
  auto file = AppendedFile::Own(
      UniqueFd(open(world_.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)),
      world_.path(), FileCalls::System());
  const auto resumed =
      ResumeOutput(Unmarked(OutputClaim::Behind::kUnknown), &*file);
  EXPECT_TRUE(absl::IsUnavailable(resumed.status()));
  EXPECT_EQ(Output(), old_);
}

TEST_F(ResumeOutputTest, AfterARestartNothingBehindIsAsItWasLeft) {
  const ResumedOutput resumed =
      Resume(Unmarked(OutputClaim::Behind::kUnknown), stored_);
  EXPECT_EQ(resumed.position.offset, 10u);
  EXPECT_EQ(resumed.note, "");
}

TEST_F(ResumeOutputTest, OwnBytesAreCutOnlyWhenTheFileEndsWithThem) {
  const OutputClaim claim = Unmarked(OutputClaim::Behind::kOwn, 5000);
  EXPECT_EQ(Resume(claim, old_).note, "");
  EXPECT_EQ(Output(), stored_);
  EXPECT_EQ(world_.Cut(), "");
  const ResumedOutput resumed = Resume(claim, old_ + "by hand\n");
  EXPECT_EQ(resumed.position.offset, 10u);
  EXPECT_FALSE(resumed.ours);
  EXPECT_EQ(Output(), old_ + "by hand\n");
}

TEST_F(ResumeOutputTest, OthersBytesAreNeitherCutNorMoved) {
  const ResumedOutput resumed =
      Resume(Unmarked(OutputClaim::Behind::kOthers), old_);
  EXPECT_EQ(resumed.position.offset, 10u);
  EXPECT_EQ(Output(), old_);
  EXPECT_EQ(world_.Cut(), "");
}

}  // namespace
}  // namespace logboom
