#include "server/journal/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Call = FaultyFileSystem::Call;

class RecoveryTest : public JournalFixture {
 protected:
  // Leaves a folder with these records, closed.
  void Prepare(const std::vector<std::string>& payloads) {
    Open();
    AppendAll(payloads);
    Close();
  }
  // The same, by a process that was killed.
  void PrepareKilled(const std::vector<std::string>& payloads) {
    Open();
    AppendAll(payloads);
    Kill();
  }
  // Opens it and returns what it had to say.
  std::string OpenAndListen() {
    testing::internal::CaptureStderr();
    Open();
    return testing::internal::GetCapturedStderr();
  }
  static size_t Lines(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

TEST_F(RecoveryTest, ACleanStartSaysNothing) {
  options_.segment_bytes = kSmallSegment;
  Prepare(Payloads('p', 5));
  EXPECT_EQ(OpenAndListen(), "");
}

// Goal: wherever a write was torn, the whole entries are there, the torn one is
// not, its bytes are zeros again, and the journal goes on. Method: the last
// entry of a segment cut at every byte.
TEST_F(RecoveryTest, ATornTailIsCutAtEveryByte) {
  options_.segment_bytes = 1024;
  PrepareKilled({"first", "second"});
  const std::string name = SegmentFiles().front();
  const std::string good = ReadFile(name);
  constexpr size_t kSecond = kFirstByte + 136;  // where its entry begins
  constexpr size_t kSecondEnds = kSecond + 128 + 6;
  for (size_t cut = kSecond; cut < kSecondEnds; ++cut) {
    SCOPED_TRACE(absl::StrCat("cut after byte ", cut));
    std::string torn = good;
    std::fill(torn.begin() + static_cast<ptrdiff_t>(cut), torn.end(), '\0');
    Close();
    const bool has_tail = torn.find_last_not_of('\0') >= kSecond;
    WriteFile(name, torn);

    const std::string said = OpenAndListen();
    if (has_tail) {
      EXPECT_THAT(said, HasSubstr(absl::StrCat("bytes ", kSecond, " to 1024")));
      EXPECT_EQ(Lines(said), 1u);
    }
    EXPECT_EQ(journal_->synced_head(), 1u);
    EXPECT_THAT(ReadFrom(0).payloads, ElementsAre("first"));
    const std::string cleaned = ReadFile(name);
    EXPECT_EQ(cleaned.size(), 1024u);
    EXPECT_EQ(cleaned.find_first_not_of('\0', kSecond), std::string::npos);
    EXPECT_EQ(Append("next").value(), 1u);
    EXPECT_THAT(ReadFrom(0).payloads, ElementsAre("first", "next"));
  }
}

// A shorter entry over a torn longer one must not bring the longer one's end
// back.
TEST_F(RecoveryTest, StaleBytesBehindATornEntryAreGone) {
  options_.segment_bytes = 4096;
  PrepareKilled({"first", std::string(1000, 's')});
  const std::string name = SegmentFiles().front();
  std::string torn = ReadFile(name);
  torn[kFirstByte + 136 + 50] ^= 1;  // the second entry's header
  WriteFile(name, torn);
  Open();
  AppendAll({"x"});
  Close();
  EXPECT_EQ(ReadFile(name).find("ssss", kFirstByte + 136 + 128),
            std::string::npos);
}

TEST_F(RecoveryTest, ATornTailLongerThanTheEntryThatReplacesItIsCutOnce) {
  options_.segment_bytes = 4096;
  PrepareKilled({"first", std::string(1000, 's')});
  const std::string name = SegmentFiles().front();
  std::string torn = ReadFile(name);
  torn[kFirstByte + 136 + 500] ^= 1;
  WriteFile(name, torn);
  EXPECT_EQ(Lines(OpenAndListen()), 1u);
  AppendAll({"x"});
  EXPECT_EQ(OpenAndListen(), "");
}

TEST_F(RecoveryTest, AFileCutShortIsNoObstacle) {
  options_.segment_bytes = 1024;
  PrepareKilled({"first", "second"});
  const std::string name = SegmentFiles().front();
  WriteFile(name, ReadFile(name).substr(0, kFirstByte + 136 + 60));
  Open();
  EXPECT_THAT(ReadFrom(0).payloads, ElementsAre("first"));
  EXPECT_EQ(Append("next").value(), 1u);
  EXPECT_THAT(ReadFrom(0).payloads, ElementsAre("first", "next"));
}

TEST_F(RecoveryTest, ReadsTheNewestSegmentOnly) {
  options_.segment_bytes = kSmallSegment;
  const auto reads_of_recovery = [&] {
    const int before = files_.calls(Call::kRead);
    EXPECT_TRUE(
        RecoverJournal(&files_, options_.path, RecoveryMode::kRepair).ok());
    return files_.calls(Call::kRead) - before;
  };
  Prepare(Payloads('p', 4));
  const int reads_of_two = reads_of_recovery();
  Prepare(Payloads('q', 30));  // more than ten segments
  EXPECT_THAT(SegmentFiles(), SizeIs(12));
  EXPECT_LE(reads_of_recovery(), reads_of_two);
}

TEST_F(RecoveryTest, ASegmentThatWasNeverBegunIsRemoved) {
  options_.segment_bytes = kSmallSegment;
  Prepare(Payloads('p', 3));
  const std::string unfinished = "00000000000000000003-0000000002.segment";
  for (const std::string& bytes :
       {std::string(), std::string(40, '\0'), std::string(600, '\0')}) {
    WriteFile(unfinished, bytes);
    EXPECT_THAT(OpenAndListen(), HasSubstr(unfinished));
    EXPECT_THAT(SegmentFiles(), SizeIs(1));
    EXPECT_EQ(journal_->synced_head(), 3u);
  }
  AppendAll({PayloadOf('p', 3)});
  EXPECT_THAT(ReadFrom(0).payloads, ElementsAreArray(Payloads('p', 4)));
  EXPECT_EQ(SegmentFiles().back(), "00000000000000000003-0000000003.segment");
}

TEST_F(RecoveryTest, ANewSegmentWithoutRecordsSaysTheHeadItself) {
  options_.segment_bytes = kSmallSegment;
  Prepare(Payloads('p', 4));
  const std::string newest = SegmentFiles().back();
  std::string emptied = ReadFile(newest);
  std::fill(emptied.begin() + 128, emptied.end(), '\0');
  WriteFile(newest, emptied);
  Open();
  EXPECT_EQ(journal_->synced_head(), 3u);
  EXPECT_EQ(Append("next").value(), 3u);
}

// With both copies of the newest header gone the journal's identity comes from
// the older segments, and the entries are still read.
TEST_F(RecoveryTest, ADestroyedHeaderCostsNoRecord) {
  options_.segment_bytes = kSmallSegment;
  Prepare(Payloads('p', 5));
  const std::string newest = SegmentFiles().back();
  std::string bad = ReadFile(newest);
  std::fill(bad.begin(), bad.begin() + 128, 'x');
  WriteFile(newest, bad);
  EXPECT_THAT(OpenAndListen(), HasSubstr("header is damaged"));
  EXPECT_EQ(journal_->synced_head(), 5u);
  AppendAll({PayloadOf('p', 5)});
  EXPECT_THAT(SegmentFiles(), SizeIs(3)) << "nothing is added to it";
  EXPECT_THAT(ReadFrom(0).payloads, ElementsAreArray(Payloads('p', 6)));
  EXPECT_EQ(ReadFrom(0).missing, 0);
}

TEST_F(RecoveryTest, AServerStartsWhateverTheNewestSegmentHolds) {
  options_.segment_bytes = kSmallSegment;
  for (const char filler : {'\xFF', 'L', '\x01'}) {
    Prepare(Payloads('p', 2));
    const std::string newest = SegmentFiles().back();
    WriteFile(newest, std::string(kSmallSegment, filler));
    Open();
    ASSERT_NE(journal_, nullptr);
    ASSERT_TRUE(Append("next").ok());
    EXPECT_EQ(ReadFrom(0).payloads.back(), "next");
  }
}

TEST_F(RecoveryTest, AJournalOfANewerFormatIsRefusedByName) {
  Prepare({"a"});
  const std::string name = SegmentFiles().front();
  std::string newer = ReadFile(name);
  // Version 2, zeros, and its checksum as proto/wire's test has it.
  newer.replace(0, 64,
                absl::StrCat("LOGBOOM\x02", std::string(48, '\0'),
                             "\x3b\x49\x6a\x0a\xca\x67\x17\xdd"));
  WriteFile(name, newer);
  const auto journal = Journal::Open(&files_, options_);
  EXPECT_EQ(journal.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(journal.status().message(), HasSubstr(name));
  EXPECT_THAT(journal.status().message(), HasSubstr("format 2"));
}

// Only the process died: what it had written is whole, but perhaps not on disk.
TEST_F(RecoveryTest, WhatIsFoundIsSyncedBeforeItIsShown) {
  Prepare({"a"});
  const int syncs = files_.calls(Call::kSync);
  Open();
  EXPECT_GT(files_.calls(Call::kSync), syncs);
}

TEST_F(RecoveryTest, ReadingOfflineChangesNothing) {
  options_.segment_bytes = 1024;
  PrepareKilled({"first", "second"});
  const std::string name = SegmentFiles().front();
  std::string torn = ReadFile(name);
  torn[kFirstByte + 136 + 130] ^= 1;
  WriteFile(name, torn);
  const std::string unbegun = "00000000000000000002-0000000002.segment";
  WriteFile(unbegun, "");
  EXPECT_THAT(ReadOffline().payloads, ElementsAre("first"));
  EXPECT_EQ(ReadFile(name), torn);
  EXPECT_THAT(SegmentFiles(), SizeIs(2));
}

}  // namespace
}  // namespace logboom
