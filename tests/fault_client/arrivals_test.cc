// Goal: the check of what arrived can fail: it finds a line that is missing,
// repeated, out of order, damaged or from nowhere, and nothing in a good file.

#include "tests/fault_client/arrivals.h"

#include <gtest/gtest.h>

#include <vector>

namespace logboom {
namespace {

constexpr LineSource kSource = {.life = 2, .thread = 1};

class ArrivalsTest : public testing::Test {
 protected:
  void Take(const std::vector<uint64_t>& numbers) {
    for (const uint64_t number : numbers) {
      arrivals_.Take(LoggedLine{kSource, number}.Message(), 0);
    }
  }

  Findings findings_;
  Arrivals arrivals_{&findings_};
};

TEST_F(ArrivalsTest, FindsNothingWhereAllIsWell) {
  Take({1, 2, 3});
  arrivals_.Take(LoggedLine{{.life = 3, .thread = 1}, 1}.Message(), 0);
  arrivals_.ExpectAll(kSource, 3);
  EXPECT_TRUE(findings_.empty()) << findings_.ToString();
  EXPECT_EQ(arrivals_.lines(), 4);
}

TEST_F(ArrivalsTest, FindsAMissingLine) {
  Take({1, 3});
  arrivals_.ExpectAll(kSource, 4);
  arrivals_.Expect({{.life = 9, .thread = 0}, 1});
  EXPECT_EQ(findings_.count("output: a record is missing"), 3);
}

TEST_F(ArrivalsTest, FindsARepeatedLineAtOnceAndLater) {
  Take({1, 1, 2, 3, 2});
  EXPECT_EQ(findings_.count("output: a record is there twice"), 2);
}

TEST_F(ArrivalsTest, FindsAMisorderedLineButNotAGap) {
  Take({1, 4, 2, 5});
  EXPECT_EQ(findings_.count("output: a thread's records are not in order"), 1);
  arrivals_.ExpectAll(kSource, 5);
  EXPECT_EQ(findings_.count("output: a record is missing"), 1);
}

TEST_F(ArrivalsTest, FindsMoreThanWasLogged) {
  Take({1, 2, 3});
  arrivals_.ExpectAll(kSource, 2);
  EXPECT_EQ(findings_.count("output: more than was logged"), 1);
}

TEST_F(ArrivalsTest, KnowsNoLineThatWasCutOrChangedAnywhere) {
  const std::string message = LoggedLine{kSource, 41}.Message();
  for (size_t at = 0; at < message.size(); ++at) {
    std::string changed = message;
    changed[at] = '!';
    EXPECT_FALSE(LoggedLine::FromMessage(message.substr(0, at))) << at;
    EXPECT_FALSE(LoggedLine::FromMessage(changed)) << changed;
  }
  EXPECT_FALSE(LoggedLine::FromMessage(message + message));
  arrivals_.Take(message + "o", 0);
  EXPECT_EQ(findings_.count("output: a line that nobody logged"), 1);
}

}  // namespace
}  // namespace logboom
