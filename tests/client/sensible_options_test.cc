#include "client/sensible_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SensibleOptionsTest, TheDefaultsAreSensible) {
  std::vector<std::string> problems;
  const Options options = MakeSensible({}, &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(options.buffer_bytes, Options().buffer_bytes);
  EXPECT_EQ(options.window_bytes, Options().window_bytes);
}

TEST(SensibleOptionsTest, WhatMakesNoSenseIsReplacedAndSaid) {
  std::vector<std::string> problems;
  const Options options = MakeSensible({.buffer_bytes = -1,
                                        .batch_records = 0,
                                        .backoff_initial = absl::Seconds(9),
                                        .backoff_max = absl::Seconds(3)},
                                       &problems);
  EXPECT_THAT(problems, ElementsAre("option buffer_bytes is -1; 262144 is used",
                                    "option batch_records is 0; 1 is used",
                                    "option backoff_max is 3s; 9s is used"));
  EXPECT_EQ(options.batch_records, 1);
}

// Goal: a small buffer alone is no mistake: what is measured against it is made
// to fit.
TEST(SensibleOptionsTest, ASmallBufferLimitsTheRestSilently) {
  std::vector<std::string> problems;
  const Options options =
      MakeSensible({.buffer_bytes = int64_t{1} << 20}, &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(options.window_bytes, int64_t{512} << 10);
  EXPECT_EQ(options.batch_bytes, int64_t{256} << 10);
  EXPECT_EQ(options.max_record_bytes, int64_t{256} << 10);
}

TEST(SensibleOptionsTest, InfiniteTimesAreADay) {
  std::vector<std::string> problems;
  const Options options =
      MakeSensible({.block_timeout = absl::InfiniteDuration()}, &problems);
  EXPECT_EQ(options.block_timeout, absl::Hours(24));
}

}  // namespace
}  // namespace logboom
