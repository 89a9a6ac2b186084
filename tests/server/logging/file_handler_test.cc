#include "server/logging/file_handler.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/logging/handler_world.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

class FileHandlerTest : public testing::Test {
 protected:
  static constexpr bool kAppend = false;
  static constexpr bool kTruncate = true;

  std::string path() const { return world_.path(); }
  static OutputClaim New() { return {.is_new = true}; }

  absl::Status Write(FileHandler& handler, absl::string_view text) {
    const TextBlock block{std::string(text), {text.size()}};
    size_t begin = 0;
    absl::Status status = handler.Write(block, &begin, stop_);
    EXPECT_TRUE(!status.ok() || begin == text.size());
    return status;
  }

  HandlerWorld world_;
  StopSignal stop_;
};

TEST_F(FileHandlerTest, AppendsToWhatIsThere) {
  world_.SetOutput("old\n");
  FileHandler handler(path(), kAppend);
  const auto resumed = handler.Open(New());
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(resumed->position.output, handler.output());
  ASSERT_TRUE(Write(handler, "new\n").ok());
  EXPECT_EQ(world_.Output(), "old\nnew\n");
  EXPECT_EQ(handler.output().size_bytes, 8);
  EXPECT_TRUE(handler.output().known());
  EXPECT_TRUE(handler.Sync().ok());
}

TEST_F(FileHandlerTest, EmptiesTheFileOfANewHandlerOnceOnly) {
  world_.SetOutput("old\n");
  FileHandler handler(path(), kTruncate);
  ASSERT_TRUE(handler.Open(New()).ok());
  ASSERT_TRUE(Write(handler, "one\n").ok());
  ASSERT_TRUE(handler.Open(New()).ok());
  ASSERT_TRUE(Write(handler, "two\n").ok());
  EXPECT_EQ(world_.Output(), "one\ntwo\n");
}

TEST_F(FileHandlerTest, NeverEmptiesTheFileOfAHandlerWithACursor) {
  world_.SetOutput("old\n");
  FileHandler handler(path(), kTruncate);
  ASSERT_TRUE(handler.Open(OutputClaim{.position = {.offset = 7}}).ok());
  EXPECT_EQ(world_.Output(), "old\n");
}

TEST_F(FileHandlerTest, NeverEmptiesAFileThatSomebodyElseHasLocked) {
  world_.SetOutput("old\n");
  const UniqueFd other(open(path().c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(flock(other.get(), LOCK_EX | LOCK_NB), 0);
  FileHandler handler(path(), kTruncate);
  const auto resumed = handler.Open(New());
  ASSERT_TRUE(resumed.ok());
  EXPECT_THAT(resumed->note, HasSubstr("cannot be locked"));
  EXPECT_EQ(world_.Output(), "old\n");
  EXPECT_EQ(handler.Open(New())->note, "") << "it is said once";
}

TEST_F(FileHandlerTest, AFolderThatIsMissingIsNamed) {
  FileHandler handler("/no/such/folder/x.log", kAppend);
  const absl::Status status = handler.Open(New()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "cannot open /no/such/folder/x.log: No such file or directory");
  EXPECT_TRUE(absl::IsUnavailable(Write(handler, "lost?\n")));
}

TEST_F(FileHandlerTest, AFullDeviceIsUnavailableAndKeepsTheRest) {
  FileHandler handler("/dev/full", kAppend);
  ASSERT_TRUE(handler.Open(New()).ok());
  EXPECT_FALSE(handler.output().known()) << "a device is no output";
  const TextBlock block{"text\n", {5}};
  size_t begin = 0;
  EXPECT_TRUE(absl::IsUnavailable(handler.Write(block, &begin, stop_)));
  EXPECT_EQ(begin, 0u);
}

TEST_F(FileHandlerTest, AFifoWithoutAReaderFailsInsteadOfBlocking) {
  ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
  FileHandler handler(path(), kAppend);
  EXPECT_FALSE(handler.Open(New()).ok());
}

TEST_F(FileHandlerTest, AFifoIsNeitherLockedNorAnOutput) {
  ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
  const UniqueFd reader(open(path().c_str(), O_RDONLY | O_NONBLOCK));
  ASSERT_EQ(flock(reader.get(), LOCK_EX | LOCK_NB), 0);
  FileHandler handler(path(), kAppend);
  const auto resumed = handler.Open(OutputClaim{.position = {.offset = 5}});
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(resumed->note, "");
  EXPECT_EQ(resumed->position.offset, 5u);
  EXPECT_FALSE(handler.output().known());
  EXPECT_TRUE(Write(handler, "text\n").ok());
  EXPECT_TRUE(handler.Sync().ok());
  EXPECT_FALSE(handler.IsReplaced());
}

TEST_F(FileHandlerTest, WithBytesOfOthersItSaysSoAndGoesOnBehindThem) {
  FileCalls calls = FileCalls::System();
  calls.write = [&](int fd, const void* bytes, size_t size) {
    world_.Append("other\n");
    return write(fd, bytes, size);
  };
  FileHandler handler(path(), kAppend, calls);
  ASSERT_TRUE(handler.Open(New()).ok());
  const TextBlock block{"text\n", {5}};
  size_t begin = 0;
  EXPECT_TRUE(absl::IsAborted(handler.Write(block, &begin, stop_)));
  EXPECT_EQ(begin, 5u);
  EXPECT_EQ(handler.output().size_bytes, 11);
}

// Somebody's bytes are in the middle of a record: it begins again behind them.
TEST_F(FileHandlerTest, ARecordTornByOthersBytesBeginsAgain) {
  FileCalls calls = FileCalls::System();
  calls.write = [&](int fd, const void* bytes, size_t size) {
    const ssize_t wrote = write(fd, bytes, std::min<size_t>(size, 6));
    world_.Append("other\n");
    return wrote;
  };
  FileHandler handler(path(), kAppend, calls);
  ASSERT_TRUE(handler.Open(New()).ok());
  const TextBlock block{"one\ntwo\n", {4, 8}};
  size_t begin = 0;
  EXPECT_TRUE(absl::IsAborted(handler.Write(block, &begin, stop_)));
  EXPECT_EQ(begin, 4u);
}

TEST_F(FileHandlerTest, AFileThatIsGoneIsReplaced) {
  FileHandler handler(path(), kAppend);
  ASSERT_TRUE(handler.Open(New()).ok());
  EXPECT_FALSE(handler.IsReplaced());
  unlink(path().c_str());
  EXPECT_TRUE(handler.IsReplaced());
}

}  // namespace
}  // namespace logboom
