#include "tests/fault/stream_check.h"

#include <gtest/gtest.h>

namespace logboom {
namespace {

class StreamCheckTest : public ::testing::Test {
 protected:
  void Take(int sender, std::initializer_list<uint64_t> numbers) {
    for (const uint64_t number : numbers) {
      check_.Take({{RecordSource::Way::kPublish, sender, 0}, number}, where_++);
    }
  }

  Findings findings_;
  StreamCheck check_{"here", &findings_};
  uint64_t where_ = 0;
};

TEST_F(StreamCheckTest, TakesEachSourcesNumbersInOrderHoweverTheyMix) {
  Take(1, {1, 2});
  Take(2, {1});
  Take(1, {3});
  Take(2, {2});
  EXPECT_TRUE(findings_.empty()) << findings_.ToString();
  EXPECT_EQ(check_.contents().records, 5);
}

TEST_F(StreamCheckTest, FindsARecordThatIsMissing) {
  Take(1, {1, 3, 4});
  EXPECT_EQ(findings_.count("here: records missing"), 1);
}

TEST_F(StreamCheckTest, FindsAFirstRecordThatIsMissing) {
  Take(1, {2});
  EXPECT_EQ(findings_.count("here: records missing"), 1);
}

TEST_F(StreamCheckTest, FindsEveryRecordThatIsRepeated) {
  Take(1, {1, 2, 3, 2, 3, 4});
  EXPECT_EQ(findings_.count("here: records repeated"), 2);
}

TEST_F(StreamCheckTest, FindsRecordsThatChangedPlaces) {
  Take(1, {1, 3, 2});
  EXPECT_FALSE(findings_.empty());
}

TEST_F(StreamCheckTest, LetsEachSourceRepeatOnceWhereThatIsAllowed) {
  Take(1, {1, 2, 3});
  Take(2, {1, 2});
  check_.AllowRepeats(100);
  Take(1, {2, 3});
  Take(2, {2, 3});
  Take(1, {4});
  EXPECT_TRUE(findings_.empty()) << findings_.ToString();
  EXPECT_EQ(check_.allowed_repeats(), 3);
  Take(1, {3});
  EXPECT_EQ(findings_.count("here: records repeated"), 1);
}

TEST_F(StreamCheckTest, ForbidsRepeatsBehindTheBytesAllowed) {
  Take(1, {1, 2});
  check_.AllowRepeats(100);
  check_.PassBytes(100);
  Take(1, {2});
  EXPECT_EQ(findings_.count("here: records repeated"), 1);
}

TEST_F(StreamCheckTest, FindsARepeatThatLeavesOutRecords) {
  Take(1, {1, 2, 3});
  check_.AllowRepeats(100);
  Take(1, {1, 3});
  EXPECT_EQ(findings_.count("here: records missing"), 1);
}

TEST_F(StreamCheckTest, EqualsAStreamOfTheSameOrderOnly) {
  Take(1, {1});
  Take(2, {1});
  check_.CompareWith(check_.contents());
  EXPECT_TRUE(findings_.empty()) << findings_.ToString();

  StreamCheck other("there", &findings_);
  other.Take({{RecordSource::Way::kPublish, 2, 0}, 1}, 0);
  other.Take({{RecordSource::Way::kPublish, 1, 0}, 1}, 1);
  other.CompareWith(check_.contents());
  EXPECT_EQ(findings_.count("there: the order is another"), 1);
}

TEST_F(StreamCheckTest, FindsASourceThatEndsTooEarlyOrIsNotExpected) {
  Take(1, {1});
  StreamCheck other("there", &findings_);
  other.Take({{RecordSource::Way::kRaw, 1, 1}, 1}, 0);
  other.CompareWith(check_.contents());
  EXPECT_EQ(findings_.count("there: the last record is another"), 1);
  EXPECT_EQ(findings_.count("there: a source that should not be here"), 1);
}

}  // namespace
}  // namespace logboom
