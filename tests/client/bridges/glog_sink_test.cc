#include "logboom/glog_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
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

class GlogSinkTest : public BridgeTest {
 protected:
  static void SetUpTestSuite() {
    google::InitGoogleLogging("glog_sink_test");
    FLAGS_logtostderr = true;  // no files
  }
  static void TearDownTestSuite() { google::ShutdownGoogleLogging(); }
};

// Goal: all that glog knows of a record arrives.
TEST_F(GlogSinkTest, LevelTimeSourceAndThreadArrive) {
  const GlogSink sink(client_.get(), client_->GetLogger("shop"));
  const absl::Time before = absl::Now();
  int line = 0;
  std::string thread;
  std::thread([&] {
    thread = absl::StrCat("int_value: ", gettid());
    line = __LINE__ + 1;
    LOG(WARNING) << 3 << " items left";
  }).join();
  const std::vector<v1::LogRecord> records = Arrived();
  ASSERT_THAT(records, SizeIs(1));
  const v1::LogRecord& record = records[0];
  EXPECT_EQ(record.logger(), "shop");
  EXPECT_EQ(record.body().string_value(), "3 items left");
  EXPECT_EQ(record.levelno(), 30);
  EXPECT_EQ(record.severity_text(), "WARNING");
  // glog has microseconds.
  EXPECT_GE(absl::FromUnixNanos(record.time_unix_nano()),
            before - absl::Microseconds(1));
  EXPECT_LE(absl::FromUnixNanos(record.time_unix_nano()), absl::Now());
  auto attributes = ReceivedRecords::Attributes(record);
  EXPECT_THAT(attributes["code.file.path"], EndsWith("glog_sink_test.cc\""));
  EXPECT_EQ(attributes["code.line.number"], absl::StrCat("int_value: ", line));
  EXPECT_EQ(attributes["thread.id"], thread);
}

TEST_F(GlogSinkTest, EachSeverityHasItsLevelAndTheLoggersAppliesToo) {
  const Logger logger = client_->GetLogger("shop");
  const GlogSink sink(client_.get(), logger);
  LOG(INFO) << "info";
  LOG(ERROR) << "error";
  logger.SetLevel(Level::kError);
  LOG(WARNING) << "too low";
  const std::vector<v1::LogRecord> records = Arrived();
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].levelno(), 20);
  EXPECT_EQ(records[1].levelno(), 40);
}

TEST_F(GlogSinkTest, NothingComesBehindItsEnd) {
  { const GlogSink sink(client_.get(), client_->GetLogger("shop")); }
  LOG(INFO) << "after the sink";
  EXPECT_THAT(Arrived(), SizeIs(0));
}

// Goal: the last record of a program that LOG(FATAL) ends is acknowledged
// before it ends.
TEST_F(GlogSinkTest, AFatalRecordArrivesBeforeTheProgramEnds) {
  const int status = std::system(
      absl::StrCat(GLOG_FATAL_PROGRAM, " ", server_.address(), " 2>/dev/null")
          .c_str());
  EXPECT_NE(status, 0) << "it aborts";
  const std::vector<v1::LogRecord> records = server_.records();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].body().string_value(), "cannot go on");
  EXPECT_EQ(records[0].levelno(), 50);
}

}  // namespace
}  // namespace logboom
