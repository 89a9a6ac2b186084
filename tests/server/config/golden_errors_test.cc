// Goal: a bad configuration is answered with exactly the located errors that
// belong to it. Method: tests/golden/config holds NAME.yaml beside
// NAME.expected, which is the whole message; a pair added there is a test.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/config/config_loader.h"

namespace logboom {
namespace {

namespace fs = std::filesystem;

const fs::path& GoldenFolder() {
  static const auto* const folder =
      new fs::path(LOGBOOM_SOURCE_DIR "/tests/golden/config");
  return *folder;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> BadConfigurations() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(GoldenFolder())) {
    if (entry.path().extension() == ".yaml") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class GoldenErrorsTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenErrorsTest, ReportsExactlyTheExpectedErrors) {
  const std::string file = GetParam() + ".yaml";
  const auto config = ParseConfig(ReadAll(GoldenFolder() / file), file);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(config.status().message()) + "\n",
            ReadAll(GoldenFolder() / (GetParam() + ".expected")));
}

INSTANTIATE_TEST_SUITE_P(All, GoldenErrorsTest,
                         testing::ValuesIn(BadConfigurations()),
                         [](const auto& info) { return info.param; });

TEST(GoldenFolderTest, HoldsDozensOfPairsAndNothingElse) {
  const std::vector<std::string> names = BadConfigurations();
  EXPECT_GE(names.size(), 50u);
  for (const auto& entry : fs::directory_iterator(GoldenFolder())) {
    EXPECT_THAT(names, testing::Contains(entry.path().stem().string()))
        << entry.path() << " belongs to no configuration";
  }
}

}  // namespace
}  // namespace logboom
