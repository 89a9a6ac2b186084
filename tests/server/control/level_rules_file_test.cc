// Goal: rules come back from the file as they were stored, damage of any byte
// gives none and is reported, and a disk that fails leaves the old file.

#include "server/control/level_rules_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Call = FaultyFileSystem::Call;

const absl::Time kExpiry = absl::FromUnixNanos(1'700'000'000'123'456'789);

LevelRules SomeRules() {
  LevelRules rules;
  EXPECT_TRUE(rules.Set({"root", "", 30}).ok());
  EXPECT_TRUE(rules.Set({"shop.cart", "billing", 10, kExpiry}).ok());
  return rules;
}

std::string TextOf(const LevelRules& rules) {
  std::string text;
  for (const auto& [_, rule] : rules.by_key()) {
    absl::StrAppend(&text, rule.logger, "/", rule.service, "=", rule.levelno,
                    rule.expires == absl::InfiniteFuture()
                        ? ""
                        : absl::StrCat("@", absl::ToUnixNanos(rule.expires)),
                    "\n");
  }
  return text;
}

class LevelRulesFileTest : public ::testing::Test {
 protected:
  // As the next process finds it. "none": there is no file.
  std::string Loaded() {
    const std::optional<LevelRules> rules =
        LevelRulesFile(&files_, folder_.path()).Load();
    return rules ? TextOf(*rules) : "none";
  }
  absl::Status Store(const LevelRules& rules) {
    return LevelRulesFile(&files_, folder_.path()).Store(rules);
  }
  std::string Bytes() {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  void Write(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }

  TempFolder folder_;
  const std::string path_ = folder_.PathOf("levels");
  FaultyFileSystem files_;
};

TEST_F(LevelRulesFileTest, GivesBackWhatWasStored) {
  EXPECT_EQ(Loaded(), "none");
  ASSERT_TRUE(Store(SomeRules()).ok());
  EXPECT_EQ(Loaded(), "root/=30\nshop.cart/billing=10@1700000000123456789\n");
  ASSERT_TRUE(Store(LevelRules()).ok());
  EXPECT_EQ(Loaded(), "") << "a file without rules is not no file";
  EXPECT_FALSE(std::filesystem::exists(folder_.PathOf("levels.new")));
}

TEST_F(LevelRulesFileTest, BeginsAsTheFormatHasIt) {
  ASSERT_TRUE(Store(SomeRules()).ok());
  EXPECT_EQ(Bytes().substr(0, 8), std::string("LBlevl\x00\x01", 8));
  EXPECT_EQ(Bytes(), EncodeLevelRules(SomeRules()));
}

// Method: each byte in turn with each of two bits turned, and each length.
TEST_F(LevelRulesFileTest, DamageAtAnyByteIsFound) {
  const std::string good = EncodeLevelRules(SomeRules());
  ASSERT_TRUE(DecodeLevelRules(good).ok());
  for (size_t i = 0; i < good.size(); ++i) {
    for (const int bit : {0x01, 0x80}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bit);
      EXPECT_EQ(DecodeLevelRules(bad).status().code(),
                absl::StatusCode::kDataLoss)
          << "byte " << i;
    }
    EXPECT_EQ(DecodeLevelRules(good.substr(0, i)).status().code(),
              absl::StatusCode::kDataLoss)
        << "cut after byte " << i;
  }
  EXPECT_FALSE(DecodeLevelRules(good + '\0').ok());
}

TEST_F(LevelRulesFileTest, ADamagedFileGivesNoRulesAndIsReported) {
  Write(EncodeLevelRules(SomeRules()) + "x");
  testing::internal::CaptureStderr();
  const std::string loaded = Loaded();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(loaded, "") << "levels were set here, which ones is not known";
  EXPECT_THAT(said, HasSubstr(path_));
  EXPECT_THAT(said, HasSubstr("damaged"));
  EXPECT_THAT(said, HasSubstr("checksum mismatch"));
  EXPECT_TRUE(Store(SomeRules()).ok());
  EXPECT_EQ(Loaded(), TextOf(SomeRules()));
}

TEST_F(LevelRulesFileTest, AFileThatCannotBeReadIsReportedToo) {
  ASSERT_TRUE(Store(SomeRules()).ok());
  files_.Fail(Call::kRead, absl::UnavailableError("bad sector"));
  testing::internal::CaptureStderr();
  const std::string loaded = Loaded();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("bad sector"));
  EXPECT_EQ(loaded, "");
}

TEST_F(LevelRulesFileTest, AFailingDiskLeavesTheOldFileAndNothingElse) {
  ASSERT_TRUE(Store(SomeRules()).ok());
  for (const Call call :
       {Call::kTruncate, Call::kWrite, Call::kSync, Call::kRename}) {
    SCOPED_TRACE(static_cast<int>(call));
    files_.Fail(call, absl::UnavailableError("disk full"));
    EXPECT_EQ(Store(LevelRules()).message(), "disk full");
    EXPECT_EQ(Loaded(), TextOf(SomeRules()));
    EXPECT_FALSE(std::filesystem::exists(folder_.PathOf("levels.new")));
  }
  ASSERT_TRUE(Store(LevelRules()).ok());
  EXPECT_THAT(Loaded(), IsEmpty());
}

// A process that was killed while it wrote.
TEST_F(LevelRulesFileTest, AHalfWrittenNewFileIsWrittenOver) {
  ASSERT_TRUE(Store(LevelRules()).ok());
  std::ofstream(folder_.PathOf("levels.new")) << std::string(500, 'x');
  EXPECT_EQ(Loaded(), "");
  ASSERT_TRUE(Store(SomeRules()).ok());
  EXPECT_EQ(Loaded(), TextOf(SomeRules()));
}

TEST_F(LevelRulesFileTest, AFullSetOfTheLongestNamesIsReadBack) {
  LevelRules rules;
  for (size_t i = 0; i < LevelRules::kMaxRules; ++i) {
    std::string name = absl::StrCat(i);
    name.resize(256, 'x');
    ASSERT_TRUE(rules.Set({name, std::string(256, 's'), 10, kExpiry}).ok());
  }
  ASSERT_TRUE(Store(rules).ok());
  EXPECT_EQ(Loaded(), TextOf(rules));
}

}  // namespace
}  // namespace logboom
