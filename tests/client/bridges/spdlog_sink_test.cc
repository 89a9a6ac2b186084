#include "logboom/spdlog_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/client/bridges/bridge_test.h"

namespace logboom {
namespace {

using ::testing::EndsWith;
using ::testing::SizeIs;

class SpdlogSinkTest : public BridgeTest {
 protected:
  std::shared_ptr<spdlog::logger> NewLogger(const std::string& name) {
    auto logger = std::make_shared<spdlog::logger>(
        name, std::make_shared<SpdlogSink>(client_.get(), "app"));
    logger->set_level(spdlog::level::trace);
    return logger;
  }
};

// Goal: all that spdlog knows of a record arrives.
TEST_F(SpdlogSinkTest, LoggerLevelTimeSourceAndThreadArrive) {
  const auto logger = NewLogger("shop.cart");
  const absl::Time before = absl::Now();
  int line = 0;
  std::string thread;
  std::thread([&] {
    thread = absl::StrCat("int_value: ", gettid());
    line = __LINE__ + 1;
    SPDLOG_LOGGER_WARN(logger, "{} items left", 3);
  }).join();
  const std::vector<v1::LogRecord> records = Arrived();
  ASSERT_THAT(records, SizeIs(1));
  const v1::LogRecord& record = records[0];
  EXPECT_EQ(record.logger(), "shop.cart");
  EXPECT_EQ(record.body().string_value(), "3 items left");
  EXPECT_EQ(record.levelno(), 30);
  EXPECT_EQ(record.severity_number(), v1::SEVERITY_NUMBER_WARN);
  EXPECT_EQ(record.severity_text(), "warning") << "spdlog's own name for it";
  EXPECT_GE(absl::FromUnixNanos(record.time_unix_nano()), before);
  EXPECT_LE(absl::FromUnixNanos(record.time_unix_nano()), absl::Now());
  auto attributes = ReceivedRecords::Attributes(record);
  EXPECT_THAT(attributes["code.file.path"], EndsWith("spdlog_sink_test.cc\""));
  EXPECT_EQ(attributes["code.line.number"], absl::StrCat("int_value: ", line));
  EXPECT_EQ(attributes["code.function.name"], "string_value: \"operator()\"");
  EXPECT_EQ(attributes["thread.id"], thread);
}

TEST_F(SpdlogSinkTest, EachLevelHasItsOwn) {
  client_->GetLogger().SetLevel(Level{1});
  const auto logger = NewLogger("shop");
  logger->trace("trace");
  logger->debug("debug");
  logger->info("info");
  logger->warn("warn");
  logger->error("error");
  logger->critical("critical");
  std::vector<int> levels;
  for (const v1::LogRecord& record : Arrived()) {
    levels.push_back(record.levelno());
    EXPECT_EQ(ReceivedRecords::Attributes(record).count("code.file.path"), 0u)
        << "a call without a source location";
  }
  EXPECT_THAT(levels, ::testing::ElementsAre(5, 10, 20, 30, 40, 50));
}

TEST_F(SpdlogSinkTest, TheClientsLevelsApply) {
  client_->GetLogger("shop.cart").SetLevel(Level::kError);
  NewLogger("shop.cart.item")->warn("too low");
  NewLogger("shop.cart.item")->error("high enough");
  NewLogger("")->info("without a name");
  const std::vector<v1::LogRecord> records = Arrived();
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].body().string_value(), "high enough");
  EXPECT_EQ(records[1].logger(), "app");
}

}  // namespace
}  // namespace logboom
