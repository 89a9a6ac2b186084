#include "server/ingest/publish/batch_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

// "5", "5 again", "5 behind 2": two are missing before it.
std::string Take(BatchNumbers& numbers, uint64_t sequence) {
  const absl::StatusOr<BatchNumbers::Number> number = numbers.Take(sequence);
  if (!number.ok()) return std::string(number.status().message());
  return absl::StrCat(
      number->value, number->duplicate ? " again" : "",
      number->skipped > 0 ? absl::StrCat(" behind ", number->skipped) : "");
}

TEST(BatchNumbersTest, CountFromOneWhereThereIsNoSession) {
  BatchNumbers numbers;
  EXPECT_EQ(Take(numbers, 70), "1");
  EXPECT_EQ(Take(numbers, 0), "2");
  EXPECT_EQ(Take(numbers, 1), "3");
}

TEST(BatchNumbersTest, AreASessionsSequences) {
  BatchNumbers numbers;
  numbers.Resume(0);
  EXPECT_EQ(Take(numbers, 1), "1");
  EXPECT_EQ(Take(numbers, 2), "2");
}

TEST(BatchNumbersTest, TellWhatWasTakenBefore) {
  BatchNumbers numbers;
  numbers.Resume(3);
  EXPECT_EQ(Take(numbers, 1), "1 again");
  EXPECT_EQ(Take(numbers, 3), "3 again");
  EXPECT_EQ(Take(numbers, 4), "4");
  EXPECT_EQ(Take(numbers, 4), "4 again");
  EXPECT_EQ(Take(numbers, 5), "5") << "a duplicate changes nothing";
}

TEST(BatchNumbersTest, TellHowManyAreMissing) {
  BatchNumbers numbers;
  numbers.Resume(3);
  EXPECT_EQ(Take(numbers, 6), "6 behind 2");
  EXPECT_EQ(Take(numbers, 8), "8 behind 1");
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ(Take(numbers, kMost), absl::StrCat(kMost, " behind ", kMost - 9));
  EXPECT_EQ(Take(numbers, kMost), absl::StrCat(kMost, " again"));
}

// It may have been forgotten, and is then no newcomer.
TEST(BatchNumbersTest, MissNothingBeforeAProducersFirstOne) {
  BatchNumbers numbers;
  numbers.Resume(0);
  EXPECT_EQ(Take(numbers, 10), "10");
  EXPECT_EQ(Take(numbers, 12), "12 behind 1");
}

TEST(BatchNumbersTest, MustBeSaidInASession) {
  BatchNumbers numbers;
  numbers.Resume(3);
  EXPECT_EQ(numbers.Take(0).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Take(numbers, 0), HasSubstr("after 3"));
}

}  // namespace
}  // namespace logboom
