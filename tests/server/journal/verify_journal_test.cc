#include "server/journal/verify_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Call = FaultyFileSystem::Call;

// Nine records, three a segment.
class VerifyJournalTest : public JournalFixture {
 protected:
  VerifyJournalTest() {
    options_.segment_bytes = kSmallSegment;
    Open();
    AppendAll(Payloads('p', 9));
  }

  JournalVerification Verify() {
    auto verification = VerifyJournal(&files_, options_.path);
    EXPECT_TRUE(verification.ok()) << verification.status();
    return verification.ok() ? *std::move(verification) : JournalVerification();
  }

  // Flips a bit of a record's body; the second time, back.
  void FlipBitOf(Offset record) {
    const std::string segment = SegmentFiles()[record / 3];
    std::string bytes = ReadFile(segment);
    bytes[kFirstByte + record % 3 * kEntryBytes + 128] ^= 1;
    WriteFile(segment, bytes);
  }
};

TEST_F(VerifyJournalTest, AWholeJournalMissesNothing) {
  const JournalVerification got = Verify();
  EXPECT_EQ(got.expected, (OffsetRange{0, 9}));
  EXPECT_THAT(got.missing, IsEmpty());
  EXPECT_EQ(got.missing_records(), 0u);
}

// Goal: every record that is damaged is named, and no other. Method: one byte
// of the body of each in turn, but for the last.
TEST_F(VerifyJournalTest, NamesEachDamagedRecord) {
  Close();
  for (Offset record = 0; record < 8; ++record) {
    SCOPED_TRACE(record);
    FlipBitOf(record);
    testing::internal::CaptureStderr();
    const JournalVerification got = Verify();
    const std::string said = testing::internal::GetCapturedStderr();
    FlipBitOf(record);
    EXPECT_THAT(got.missing, ElementsAre(OffsetRange{record, record + 1}));
    EXPECT_EQ(got.missing_records(), 1u);
    EXPECT_THAT(said, HasSubstr(SegmentFiles()[record / 3]));
  }
}

// It looks like one that was never whole, and the next start would cut it.
TEST_F(VerifyJournalTest, SaysThatWhatFollowsTheLastWholeEntryMayBeDamage) {
  Close();
  FlipBitOf(8);
  testing::internal::CaptureStderr();
  const JournalVerification got = Verify();
  EXPECT_EQ(got.expected, (OffsetRange{0, 8}));
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("from byte 536 on, behind its last whole entry"));
}

TEST_F(VerifyJournalTest, SaysNothingOfAWholeJournal) {
  testing::internal::CaptureStderr();
  Verify();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(VerifyJournalTest, NamesTheRecordsOfAMissingSegment) {
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles()[1])).ok());
  const JournalVerification got = Verify();
  EXPECT_EQ(got.expected, (OffsetRange{0, 9}));
  EXPECT_THAT(got.missing, ElementsAre(OffsetRange{3, 6}));
}

TEST_F(VerifyJournalTest, WhatRetentionDeletedIsNotExpected) {
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles()[0])).ok());
  const JournalVerification got = Verify();
  EXPECT_EQ(got.expected, (OffsetRange{3, 9}));
  EXPECT_THAT(got.missing, IsEmpty());
}

// A server that runs on the folder deletes segments under the reader.
TEST_F(VerifyJournalTest, WhatRetentionDeletesMeanwhileIsNotMissing) {
  const std::vector<std::string> segments = SegmentFiles();
  int opened = 0;
  files_.SetHook([&](Call call) {
    // Recovery opens the newest segment first: twice.
    if (call != Call::kOpen || ++opened != 4) return;
    for (const size_t i : {0, 1}) {
      ASSERT_TRUE(SystemFiles()->Remove(PathOf(segments[i])).ok());
    }
  });
  const JournalVerification got = Verify();
  files_.SetHook(nullptr);
  EXPECT_GE(opened, 4);
  EXPECT_EQ(got.expected, (OffsetRange{6, 9}));
  EXPECT_THAT(got.missing, IsEmpty());
}

TEST_F(VerifyJournalTest, WhatTheDiskWillNotGiveIsMissing) {
  Close();
  int reads = 0;
  files_.SetHook([&](Call call) {
    if (call == Call::kRead) ++reads;
  });
  ASSERT_THAT(Verify().missing, IsEmpty());
  const int all_reads = reads;
  reads = 0;
  // The last read but one is of the second segment, or the third.
  files_.SetHook([&](Call call) {
    if (call != Call::kRead || ++reads != all_reads - 1) return;
    files_.Fail(Call::kRead, absl::DataLossError("bad sector"), 1'000);
  });
  const JournalVerification got = Verify();
  files_.SetHook(nullptr);
  files_.Heal(Call::kRead);
  EXPECT_EQ(got.expected, (OffsetRange{0, 9}));
  EXPECT_FALSE(got.missing.empty());
  EXPECT_LT(got.missing_records(), 9u);
}

TEST_F(VerifyJournalTest, ASegmentThatCannotBeOpenedIsAnError) {
  files_.SetHook([&](Call call) {
    if (call != Call::kRead) return;
    files_.Fail(Call::kOpen, absl::PermissionDeniedError("not yours"), 1'000);
  });
  const auto got = VerifyJournal(&files_, options_.path);
  files_.SetHook(nullptr);
  files_.Heal(Call::kOpen);
  EXPECT_FALSE(got.ok());
}

TEST_F(VerifyJournalTest, AFolderThatIsNoJournalIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(
      VerifyJournal(&files_, folder_.PathOf("none")).status()));
}

}  // namespace
}  // namespace logboom
