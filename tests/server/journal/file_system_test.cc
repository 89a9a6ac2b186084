#include "server/journal/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Mode = FileSystem::Mode;

class FileSystemTest : public ::testing::Test {
 protected:
  std::unique_ptr<File> Create(absl::string_view name) {
    auto file = files_.Open(folder_.PathOf(name), Mode::kCreate);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  static std::string Read(File* file, int64_t position, size_t size) {
    std::string bytes(size, 'x');
    const auto got =
        file->ReadAt(position, absl::MakeSpan(bytes.data(), bytes.size()));
    EXPECT_TRUE(got.ok()) << got.status();
    bytes.resize(*got);
    return bytes;
  }

  FileSystem& files_ = *SystemFiles();
  TempFolder folder_;
};

TEST_F(FileSystemTest, WritesPiecesOneBehindTheOther) {
  const auto file = Create("f");
  ASSERT_TRUE(file->WriteAt(3, {"ab", "", "cde", "f"}).ok());
  EXPECT_EQ(Read(file.get(), 0, 100),
            absl::StrCat(std::string(3, '\0'), "abcdef"));
  ASSERT_TRUE(file->WriteAt(0, {}).ok());
  ASSERT_TRUE(file->WriteAt(0, {"", ""}).ok());
  EXPECT_EQ(file->Size().value(), 9);
}

TEST_F(FileSystemTest, WritesMorePiecesThanOneCallTakes) {
  std::string expected;
  std::vector<std::string> owned;
  for (int i = 0; i < 3 * IOV_MAX + 7; ++i)
    owned.push_back(absl::StrCat(i, ";"));
  std::vector<absl::string_view> pieces;
  for (const std::string& piece : owned) {
    pieces.push_back(piece);
    expected += piece;
  }
  const auto file = Create("f");
  ASSERT_TRUE(file->WriteAt(0, pieces).ok());
  EXPECT_EQ(Read(file.get(), 0, expected.size() + 1), expected);
}

TEST_F(FileSystemTest, ReadsShortOnlyAtTheEnd) {
  const auto file = Create("f");
  ASSERT_TRUE(file->WriteAt(0, {"0123456789"}).ok());
  EXPECT_EQ(Read(file.get(), 4, 3), "456");
  EXPECT_EQ(Read(file.get(), 8, 100), "89");
  EXPECT_EQ(Read(file.get(), 10, 100), "");
}

TEST_F(FileSystemTest, AllocatingLengthensWithZerosAndNeverShortens) {
  const auto file = Create("f");
  ASSERT_TRUE(file->WriteAt(0, {"abc"}).ok());
  ASSERT_TRUE(file->Allocate(8).ok());
  EXPECT_EQ(Read(file.get(), 0, 100),
            absl::StrCat("abc", std::string(5, '\0')));
  ASSERT_TRUE(file->Allocate(4).ok());
  EXPECT_EQ(file->Size().value(), 8);
}

// What recovery relies on: bytes cut off do not come back.
TEST_F(FileSystemTest, WhatWasTruncatedIsZerosWhenAllocatedAgain) {
  const auto file = Create("f");
  ASSERT_TRUE(file->WriteAt(0, {"stale bytes"}).ok());
  ASSERT_TRUE(file->Truncate(2).ok());
  ASSERT_TRUE(file->Allocate(11).ok());
  EXPECT_EQ(Read(file.get(), 0, 100), absl::StrCat("st", std::string(9, '\0')));
}

TEST_F(FileSystemTest, ErrorsHaveTheirCodeAndNameThePath) {
  const std::string path = folder_.PathOf("f");
  const absl::Status missing = files_.Open(path, Mode::kRead).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(missing.message(), HasSubstr(path));
  Create("f");
  EXPECT_EQ(files_.Open(path, Mode::kCreate).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(files_.CreateFolder(absl::StrCat(path, "/below")).ok());
  EXPECT_EQ(files_.List(folder_.PathOf("none")).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(files_.Remove(folder_.PathOf("none")).code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(files_.SyncFolder(folder_.PathOf("none")).ok());
}

TEST_F(FileSystemTest, AFileOpenedForReadingIsNotWritten) {
  Create("f");
  const auto file = files_.Open(folder_.PathOf("f"), Mode::kRead);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE((*file)->WriteAt(0, {"x"}).ok());
  EXPECT_FALSE((*file)->Allocate(10).ok());
  EXPECT_FALSE((*file)->Truncate(10).ok());
}

TEST_F(FileSystemTest, AFolderIsCreatedWithItsParentsAndListed) {
  const std::string deep = folder_.PathOf("a/b");
  ASSERT_TRUE(files_.CreateFolder(deep).ok());
  ASSERT_TRUE(files_.CreateFolder(deep).ok()) << "it may exist";
  ASSERT_TRUE(files_.SyncFolder(deep).ok());
  Create("a/b/one");
  Create("a/b/two");
  ASSERT_TRUE(files_.Remove(absl::StrCat(deep, "/one")).ok());
  Create("a/b/three");
  EXPECT_THAT(files_.List(deep).value(), UnorderedElementsAre("two", "three"));
}

TEST_F(FileSystemTest, ALockIsHeldUntilItsFileIsClosed) {
  auto first = Create("LOCK");
  ASSERT_TRUE(first->Lock().ok());
  const auto second = files_.Open(folder_.PathOf("LOCK"), Mode::kOpenOrCreate);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ((*second)->Lock().code(), absl::StatusCode::kAborted);
  first.reset();
  EXPECT_TRUE((*second)->Lock().ok());
}

}  // namespace
}  // namespace logboom
