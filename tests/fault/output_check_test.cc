#include "tests/fault/output_check.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/fault/known_record.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

class OutputCheckTest : public ::testing::Test {
 protected:
  static std::string Line(uint64_t number) {
    return absl::StrCat(Message(number), "\n");
  }
  static std::string Message(uint64_t number) {
    return KnownRecord{{RecordSource::Way::kPublish, 1, 0}, number}.Message();
  }

  // Checks `text` as the output for records 1 to `records`.
  OutputReport Check(const std::string& text, int64_t records,
                     const std::vector<HandLine>& hand = {}) {
    const std::string path = folder_.PathOf("out.log");
    std::ofstream(path, std::ios::binary) << text;
    StreamCheck expected("expected", &findings_);
    for (int64_t i = 1; i <= records; ++i) {
      expected.Take(
          {{RecordSource::Way::kPublish, 1, 0}, static_cast<uint64_t>(i)}, 0);
    }
    return CheckOutput("out", {.path = path, .hand_lines = hand},
                       expected.contents(), &findings_);
  }

  TempFolder folder_;
  Findings findings_;
};

TEST_F(OutputCheckTest, AcceptsEveryRecordOnceAndInOrder) {
  EXPECT_EQ(Check(Line(1) + Line(2) + Line(3), 3).contents.records, 3);
  EXPECT_TRUE(findings_.empty()) << findings_.ToString();
}

TEST_F(OutputCheckTest, FindsARecordThatIsMissingAtTheEnd) {
  Check(Line(1), 2);
  EXPECT_EQ(findings_.count("out: the last record is another"), 1);
}

TEST_F(OutputCheckTest, FindsARecordThatIsRepeated) {
  Check(Line(1) + Line(2) + Line(2), 2);
  EXPECT_EQ(findings_.count("out: records repeated"), 1);
}

TEST_F(OutputCheckTest, FindsAPartOfARecordInTheMiddle) {
  Check(Line(1) + Message(2).substr(0, 8) + Line(2), 2);
  EXPECT_EQ(findings_.count("out: something that nobody sent"), 1);
}

TEST_F(OutputCheckTest, FindsAPartOfARecordAtTheEnd) {
  Check(Line(1) + Message(2).substr(0, 8), 1);
  EXPECT_EQ(findings_.count("out: something that nobody sent"), 1);
}

TEST_F(OutputCheckTest, FindsZeros) {
  Check(Line(1) + std::string(100, '\0') + Line(2), 2);
  EXPECT_EQ(findings_.count("out: something that nobody sent"), 1);
}

TEST_F(OutputCheckTest, FindsTheLineByHandThatIsLost) {
  const std::vector<HandLine> hand = {{HandLineText(0, 3)},
                                      {HandLineText(1, 0)}};
  Check(Line(1) + hand[0].text + "\n" + Line(2), 2, hand);
  EXPECT_EQ(findings_.count("out: a line written by hand is lost"), 1);
}

TEST_F(OutputCheckTest, FindsTheLinesByHandThatAreLostBeforeAnother) {
  const std::vector<HandLine> hand = {
      {HandLineText(0, 3)}, {HandLineText(1, 0)}, {HandLineText(2, 5)}};
  Check(Line(1) + hand[2].text + "\n" + Line(2), 2, hand);
  EXPECT_EQ(findings_.count("out: a line written by hand is lost"), 2);
  EXPECT_EQ(findings_.count("out: something that nobody sent"), 0);
}

TEST_F(OutputCheckTest, AcceptsRepeatsBehindALineThatCoversATornWrite) {
  const std::vector<HandLine> hand = {{HandLineText(0, 3), true}};
  const OutputReport report =
      Check(Line(1) + Line(2) + Message(3).substr(0, 9) + hand[0].text + "\n" +
                Line(2) + Line(3),
            3, hand);
  EXPECT_TRUE(findings_.empty()) << findings_.ToString();
  EXPECT_EQ(report.torn_lines, 1);
  EXPECT_EQ(report.repeated_records, 1);
}

TEST_F(OutputCheckTest, FindsRepeatsBehindALineThatAServerLivedToSee) {
  const std::vector<HandLine> hand = {{HandLineText(0, 3), false}};
  Check(Line(1) + Line(2) + hand[0].text + "\n" + Line(2), 2, hand);
  EXPECT_EQ(findings_.count("out: records repeated"), 1);
}

TEST_F(OutputCheckTest, FindsARecordLostBehindALineThatCoversATornWrite) {
  const std::vector<HandLine> hand = {{HandLineText(0, 3), true}};
  Check(Line(1) + Message(2).substr(0, 9) + hand[0].text + "\n" + Line(3), 3,
        hand);
  EXPECT_EQ(findings_.count("out: records missing"), 1);
}

}  // namespace
}  // namespace logboom
