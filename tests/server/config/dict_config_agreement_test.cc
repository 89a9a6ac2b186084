// Goal: a `logging` section gives the same loggers, handlers and formatters
// here and in CPython's logging.config.dictConfig. Method:
// tests/golden/dict_config holds NAME.json beside NAME.state, the effective
// settings as text; this test holds our loader against the text,
// dict_config_agreement_test.py holds CPython against it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/config/config_loader.h"

namespace logboom {
namespace {

namespace fs = std::filesystem;

const char kFolder[] = LOGBOOM_SOURCE_DIR "/tests/golden/dict_config";

std::string Bool(bool value) { return value ? "true" : "false"; }

std::string Show(const HandlerOptions& handler) {
  std::string kind;
  switch (handler.kind) {
    case HandlerOptions::Kind::kNull:
      kind = "NullHandler";
      break;
    case HandlerOptions::Kind::kStream:
      kind = absl::StrCat("StreamHandler stream=",
                          handler.stream == HandlerOptions::Stream::kStdout
                              ? "stdout"
                              : "stderr");
      break;
    case HandlerOptions::Kind::kFile:
      kind = absl::StrCat("FileHandler filename=", handler.filename,
                          " truncate=", Bool(handler.truncate),
                          " delay=", Bool(handler.delay));
      break;
  }
  return absl::StrCat(
      "handler ", handler.name, ": ", kind, " level=", handler.level,
      " filters=[", absl::StrJoin(handler.filters, ","), "] datefmt=<",
      handler.formatter.datefmt, "> format=<", handler.formatter.format, ">\n");
}

std::string Show(const LoggerOptions& logger, const LoggingOptions& logging) {
  std::vector<std::string> handlers;
  for (const int index : logger.handlers) {
    handlers.push_back(logging.handlers[index].name);
  }
  return absl::StrCat("logger ", logger.name.empty() ? "root" : logger.name,
                      ": level=", logger.level,
                      " propagate=", Bool(logger.propagate), " handlers=[",
                      absl::StrJoin(handlers, ","), "] filters=[",
                      absl::StrJoin(logger.filters, ","), "]\n");
}

std::string Show(const LoggingOptions& logging) {
  std::string text = Show(logging.root, logging);
  for (const auto& logger : logging.loggers) text += Show(logger, logging);
  for (const auto& handler : logging.handlers) text += Show(handler);
  return text;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> Sections() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".json") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class DictConfigAgreementTest : public testing::TestWithParam<std::string> {};

TEST_P(DictConfigAgreementTest, LoadsToTheSettingsThatCPythonHas) {
  const fs::path base = fs::path(kFolder) / GetParam();
  const auto config = LoadConfigFile(base.string() + ".json");
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(Show(config->logging), ReadAll(base.string() + ".state"));
}

INSTANTIATE_TEST_SUITE_P(All, DictConfigAgreementTest,
                         testing::ValuesIn(Sections()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace logboom
