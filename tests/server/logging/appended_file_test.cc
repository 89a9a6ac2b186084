#include "server/logging/appended_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/logging/handler_world.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

class AppendedFileTest : public testing::Test {
 protected:
  AppendedFileTest() { world_.SetOutput("old\n"); }

  AppendedFile& Open() {
    UniqueFd fd(open(world_.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    auto file = AppendedFile::Own(std::move(fd), world_.path(), calls_);
    EXPECT_TRUE(file.ok()) << file.status();
    file_ = std::make_unique<AppendedFile>(*std::move(file));
    return *file_;
  }
  // Lets others act between the look at the file and the write.
  void BeforeWrite(std::function<void()> act) {
    calls_.write = [act = std::move(act)](int fd, const void* bytes,
                                          size_t size) {
      act();
      return write(fd, bytes, size);
    };
  }
  // The same, between the write of `most` bytes and the next look.
  void AfterWrite(std::function<void()> act, size_t most = ~size_t{0}) {
    calls_.write = [=](int fd, const void* bytes, size_t size) {
      const ssize_t wrote = write(fd, bytes, std::min(size, most));
      act();
      return wrote;
    };
  }

  HandlerWorld world_;
  FileCalls calls_ = FileCalls::System();
  std::unique_ptr<AppendedFile> file_;
};

TEST_F(AppendedFileTest, AppendsAndKnowsItsSize) {
  AppendedFile& file = Open();
  EXPECT_EQ(file.output().size_bytes, 4);
  const auto appended = file.Append("new\n");
  ASSERT_TRUE(appended.ok());
  EXPECT_TRUE(appended->as_expected);
  EXPECT_EQ(appended->bytes, 4u);
  EXPECT_EQ(file.output().size_bytes, 8);
  EXPECT_TRUE(file.Sync().ok());
  EXPECT_EQ(world_.Output(), "old\nnew\n");
}

TEST_F(AppendedFileTest, BytesOfOthersBeforeItsOwnAreNoticed) {
  BeforeWrite([&] { world_.Append("other\n"); });
  AppendedFile& file = Open();
  const auto appended = file.Append("new\n");
  ASSERT_TRUE(appended.ok());
  EXPECT_FALSE(appended->as_expected);
  EXPECT_TRUE(appended->ends_with_them);
  EXPECT_THAT(appended->note, HasSubstr("6 bytes in it are somebody else's"));
  EXPECT_EQ(file.output().size_bytes, 14);
  EXPECT_EQ(world_.Output(), "old\nother\nnew\n");
}

TEST_F(AppendedFileTest, BytesOfOthersBehindItsOwnAreNoticed) {
  AfterWrite([&] { world_.Append("other\n"); });
  const auto appended = Open().Append("new\n");
  ASSERT_TRUE(appended.ok());
  EXPECT_FALSE(appended->as_expected);
  EXPECT_FALSE(appended->ends_with_them);
}

TEST_F(AppendedFileTest, ACopyAndTruncateIsNoticed) {
  BeforeWrite([&] { world_.SetOutput(""); });
  AppendedFile& file = Open();
  const auto appended = file.Append("new\n");
  ASSERT_TRUE(appended.ok());
  EXPECT_FALSE(appended->as_expected);
  EXPECT_TRUE(appended->ends_with_them);
  EXPECT_THAT(appended->note, HasSubstr("somebody has cut it"));
  EXPECT_EQ(file.output().size_bytes, 4);
}

TEST_F(AppendedFileTest, AFileIsLockedWhileItIsOpen) {
  EXPECT_TRUE(Open().locked());
  const UniqueFd other(open(world_.path().c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_NE(flock(other.get(), LOCK_EX | LOCK_NB), 0);
  file_.reset();
  EXPECT_EQ(flock(other.get(), LOCK_EX | LOCK_NB), 0);
  EXPECT_FALSE(Open().locked());
}

TEST_F(AppendedFileTest, KnowsWhenItsPathLeadsElsewhere) {
  AppendedFile& file = Open();
  EXPECT_TRUE(file.StillThere());
  world_.Replace("");
  EXPECT_FALSE(file.StillThere());
  unlink(world_.path().c_str());
  EXPECT_FALSE(file.StillThere());
}

// As a full disk does it: a part of the text, then nothing.
TEST_F(AppendedFileTest, AFullFileTakesAPartAndThenFails) {
  AppendedFile& file = Open();
  rlimit old_limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_action = signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{.rlim_cur = 6, .rlim_max = old_limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto part = file.Append("new\n");
  const auto none = file.Append("w\n");
  setrlimit(RLIMIT_FSIZE, &old_limit);
  signal(SIGXFSZ, old_action);

  ASSERT_TRUE(part.ok());
  EXPECT_TRUE(part->as_expected);
  EXPECT_EQ(part->bytes, 2u);
  EXPECT_TRUE(absl::IsUnavailable(none.status()));
  EXPECT_THAT(std::string(none.status().message()),
              HasSubstr("out.log: File too large"));
  EXPECT_EQ(file.output().size_bytes, 6);
  EXPECT_TRUE(file.Append("w\n").ok());
  EXPECT_EQ(world_.Output(), "old\nnew\n");
}

TEST_F(AppendedFileTest, AFailedSyncIsDataLoss) {
  calls_.sync = [](int) {
    errno = EIO;
    return -1;
  };
  EXPECT_TRUE(absl::IsDataLoss(Open().Sync()));
}

TEST_F(AppendedFileTest, MovesAndKeepsEveryByteBehindAPlace) {
  const std::string behind(200000, 'x');
  world_.Append(behind);
  ASSERT_TRUE(Open().MoveBehind(4).ok());
  EXPECT_EQ(world_.Output(), "old\n");
  EXPECT_EQ(world_.Cut(), behind);
  world_.Append("more");
  ASSERT_TRUE(Open().MoveBehind(4).ok());
  EXPECT_EQ(world_.Cut(), behind + "more");
}

TEST_F(AppendedFileTest, WhatCannotBeMovedStays) {
  world_.Append("more");
  ASSERT_EQ(mkdir((world_.path() + ".cut").c_str(), 0700), 0);
  EXPECT_TRUE(absl::IsUnavailable(Open().MoveBehind(4)));
  EXPECT_EQ(world_.Output(), "old\nmore");
}

TEST_F(AppendedFileTest, FindsAPieceWhereItIsAndBehindAShift) {
  world_.SetOutput("....text..");
  const CursorMark::Piece piece = PiecesOf("text", 2, 2)[0];
  const AppendedFile& file = Open();
  EXPECT_FALSE(*file.Has(piece, 2, 0));
  EXPECT_TRUE(*file.Has(piece, 2, 2));
  EXPECT_FALSE(*file.Has(piece, 2, 7)) << "behind the file's end";
}

}  // namespace
}  // namespace logboom
