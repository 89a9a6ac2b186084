#include "server/logging/file_handler.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

class FileHandlerTest : public testing::Test {
 protected:
  std::string Path(absl::string_view name) const {
    return absl::StrCat(testing::TempDir(), "/", getpid(), "-", name);
  }
  static std::string Contents(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  static void Fill(const std::string& path, absl::string_view text) {
    std::ofstream(path) << text;
  }
  absl::Status Write(FileHandler& handler, absl::string_view text) {
    const TextBlock block{std::string(text), {text.size()}};
    size_t begin = 0;
    absl::Status status = handler.Write(block, &begin, stop_);
    EXPECT_TRUE(!status.ok() || begin == text.size());
    return status;
  }
  StopSignal stop_;
};

TEST_F(FileHandlerTest, AppendsToWhatIsThere) {
  const std::string path = Path("append");
  Fill(path, "old\n");
  FileHandler handler(path, /*truncate=*/false);
  ASSERT_TRUE(handler.Open().ok());
  ASSERT_TRUE(Write(handler, "new\n").ok());
  EXPECT_EQ(Contents(path), "old\nnew\n");
}

TEST_F(FileHandlerTest, TruncatesAtTheFirstOpenOnly) {
  const std::string path = Path("truncate");
  Fill(path, "old\n");
  FileHandler handler(path, /*truncate=*/true);
  ASSERT_TRUE(handler.Open().ok());
  ASSERT_TRUE(Write(handler, "one\n").ok());
  ASSERT_TRUE(handler.Open().ok());
  ASSERT_TRUE(Write(handler, "two\n").ok());
  EXPECT_EQ(Contents(path), "one\ntwo\n");
}

TEST_F(FileHandlerTest, OpensAtTheFirstRecordWhenNobodyOpenedIt) {
  const std::string path = Path("delay");
  unlink(path.c_str());
  FileHandler handler(path, /*truncate=*/false);
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  ASSERT_TRUE(Write(handler, "first\n").ok());
  EXPECT_EQ(Contents(path), "first\n");
}

TEST_F(FileHandlerTest, AFolderThatIsMissingIsNamed) {
  FileHandler handler("/no/such/folder/x.log", /*truncate=*/false);
  const absl::Status status = handler.Open();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "cannot open /no/such/folder/x.log: No such file or directory");
  EXPECT_TRUE(absl::IsUnavailable(Write(handler, "lost?\n")));
}

TEST_F(FileHandlerTest, AFullDeviceIsUnavailableAndKeepsTheRest) {
  FileHandler handler("/dev/full", /*truncate=*/false);
  const TextBlock block{"text\n", {5}};
  size_t begin = 0;
  EXPECT_TRUE(absl::IsUnavailable(handler.Write(block, &begin, stop_)));
  EXPECT_EQ(begin, 0u);
}

TEST_F(FileHandlerTest, AFifoWithoutAReaderFailsInsteadOfBlocking) {
  const std::string path = Path("fifo");
  unlink(path.c_str());
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  FileHandler handler(path, /*truncate=*/false);
  EXPECT_FALSE(handler.Open().ok());
}

}  // namespace
}  // namespace logboom
