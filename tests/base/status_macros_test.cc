#include "base/status_macros.h"

#include <memory>

#include "gtest/gtest.h"

namespace logboom {
namespace {

absl::StatusOr<std::unique_ptr<int>> Make(int value) {
  if (value < 0) return absl::OutOfRangeError("negative");
  return std::make_unique<int>(value);
}

absl::StatusOr<int> Sum(int a, int b) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, Make(a));
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, Make(b));
  return *first + *second;
}

absl::Status Check(int value, bool* reached) {
  LOGBOOM_RETURN_IF_ERROR(Make(value).status());
  *reached = true;
  return absl::OkStatus();
}

TEST(StatusMacrosTest, AssignGivesTheValueOrLeavesWithTheError) {
  EXPECT_EQ(Sum(1, 2).value(), 3);
  EXPECT_EQ(Sum(-1, 2).status(), absl::OutOfRangeError("negative"));
  EXPECT_EQ(Sum(1, -2).status(), absl::OutOfRangeError("negative"));
}

TEST(StatusMacrosTest, ReturnIfErrorGoesOnWhenOk) {
  bool reached = false;
  EXPECT_EQ(Check(-1, &reached), absl::OutOfRangeError("negative"));
  EXPECT_FALSE(reached);
  EXPECT_TRUE(Check(1, &reached).ok());
  EXPECT_TRUE(reached);
}

}  // namespace
}  // namespace logboom
