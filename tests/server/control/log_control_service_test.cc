// Goal: what a SetLevel asks for is a rule, or is refused naming the field.

#include "server/control/log_control_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace logboom {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

v1::SetLevelRequest RequestFor(const std::string& logger, int32_t levelno) {
  v1::SetLevelRequest request;
  request.set_logger(logger);
  request.set_levelno(levelno);
  return request;
}

std::string Refusal(const v1::SetLevelRequest& request) {
  const absl::Status status = RuleFromRequest(request, kNow).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(LogControlServiceTest, MakesARuleOfARequest) {
  v1::SetLevelRequest request = RequestFor("", 0);
  auto rule = RuleFromRequest(request, kNow);
  ASSERT_TRUE(rule.ok()) << rule.status();
  EXPECT_EQ(rule->logger, "root");
  EXPECT_EQ(rule->service, "");
  EXPECT_EQ(rule->levelno, 0) << "NOTSET is a level to set";
  EXPECT_EQ(rule->expires, absl::InfiniteFuture());
  request = RequestFor("a.b", 15);
  request.set_service("billing");
  request.mutable_expires_in()->set_seconds(1);
  request.mutable_expires_in()->set_nanos(500'000'000);
  rule = RuleFromRequest(request, kNow);
  ASSERT_TRUE(rule.ok()) << rule.status();
  EXPECT_EQ(rule->logger, "a.b");
  EXPECT_EQ(rule->service, "billing");
  EXPECT_EQ(rule->levelno, 15);
  EXPECT_EQ(rule->expires, kNow + absl::Milliseconds(1'500));
}

TEST(LogControlServiceTest, RefusesNamingTheField) {
  EXPECT_THAT(Refusal(RequestFor("a..b", 10)), HasSubstr("logger"));
  EXPECT_THAT(Refusal(RequestFor("a", -1)), HasSubstr("levelno"));
  v1::SetLevelRequest request = RequestFor("a", 10);
  request.set_service("x\ny");
  EXPECT_THAT(Refusal(request), HasSubstr("service"));
}

TEST(LogControlServiceTest, RefusesATimeThatIsNone) {
  v1::SetLevelRequest request = RequestFor("a", 10);
  for (const int64_t seconds :
       {int64_t{0}, int64_t{-1}, int64_t{100} * 366 * 86'400,
        std::numeric_limits<int64_t>::max(),
        std::numeric_limits<int64_t>::min()}) {
    request.mutable_expires_in()->set_seconds(seconds);
    EXPECT_THAT(Refusal(request), HasSubstr("expires_in"));
  }
}

}  // namespace
}  // namespace logboom
