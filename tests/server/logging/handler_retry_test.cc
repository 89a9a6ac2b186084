#include "server/logging/handler_retry.h"

#include "gtest/gtest.h"

namespace logboom {
namespace {

class HandlerRetryTest : public testing::Test {
 protected:
  // What is said of a failure at this moment.
  std::string FailAt(absl::Duration moment) {
    testing::internal::CaptureStderr();
    pause_ = retry_.Failed(absl::UnavailableError("disk full"),
                           absl::UnixEpoch() + moment);
    return testing::internal::GetCapturedStderr();
  }
  std::string Succeed() {
    testing::internal::CaptureStderr();
    retry_.Succeeded();
    return testing::internal::GetCapturedStderr();
  }

  HandlerRetry retry_{"handler x", absl::Milliseconds(100)};
  absl::Duration pause_;
};

TEST_F(HandlerRetryTest, SaysSoOnceAMinute) {
  const std::string line =
      "logboom: error: handler x: disk full; trying again\n";
  EXPECT_EQ(FailAt(absl::Seconds(0)), line);
  EXPECT_EQ(FailAt(absl::Seconds(1)), "");
  EXPECT_EQ(FailAt(absl::Seconds(59)), "");
  EXPECT_EQ(FailAt(absl::Seconds(60)), line);
}

TEST_F(HandlerRetryTest, SaysOnceThatItWorksAgain) {
  EXPECT_EQ(Succeed(), "") << "it never failed";
  FailAt(absl::Seconds(0));
  EXPECT_EQ(Succeed(), "logboom: info: handler x: works again\n");
  EXPECT_EQ(Succeed(), "");
}

// A destination that comes and goes says one pair of lines a minute.
TEST_F(HandlerRetryTest, DoesNotSayThatItWorksWhenItDidNotSayThatItFailed) {
  FailAt(absl::Seconds(0));
  Succeed();
  EXPECT_EQ(FailAt(absl::Seconds(10)), "");
  EXPECT_EQ(Succeed(), "");
}

TEST_F(HandlerRetryTest, ThePauseDoublesToFiveSecondsAndBeginsAnew) {
  FailAt(absl::Seconds(0));
  EXPECT_EQ(pause_, absl::Milliseconds(100));
  FailAt(absl::Seconds(1));
  EXPECT_EQ(pause_, absl::Milliseconds(200));
  for (int i = 0; i < 10; ++i) FailAt(absl::Seconds(2 + i));
  EXPECT_EQ(pause_, absl::Seconds(5));
  Succeed();
  FailAt(absl::Seconds(20));
  EXPECT_EQ(pause_, absl::Milliseconds(100));
}

}  // namespace
}  // namespace logboom
