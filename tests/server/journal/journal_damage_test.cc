// What a reader makes of a damaged journal of several segments.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/journal/journal.h"
#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JournalDamageTest : public JournalFixture {
 protected:
  // Segments of three entries, closed.
  void Prepare(int entries) {
    options_.segment_bytes = kSmallSegment;
    Open();
    AppendAll(Payloads('p', entries));
    Close();
  }
  static std::vector<std::string> PayloadsWithout(int count, int lost) {
    std::vector<std::string> payloads = Payloads('p', count);
    payloads.erase(payloads.begin() + lost);
    return payloads;
  }
  // Makes one entry of a closed journal unreadable.
  void Damage(int entry) {
    const std::string name = SegmentFiles()[static_cast<size_t>(entry / 3)];
    std::string bytes = ReadFile(name);
    bytes[static_cast<size_t>(kFirstByte + entry % 3 * kEntryBytes + 30)] ^= 1;
    WriteFile(name, bytes);
  }
};

// Goal: damage costs the records it hit, and exactly those are counted. Method:
// every byte of three segments flipped in turn.
TEST_F(JournalDamageTest, AFlippedByteCostsItsEntryAndIsCounted) {
  Prepare(9);
  const std::vector<std::string> names = SegmentFiles();
  testing::internal::CaptureStderr();
  for (size_t segment = 0; segment < names.size(); ++segment) {
    const std::string good = ReadFile(names[segment]);
    for (size_t at = 0; at < good.size(); ++at) {
      SCOPED_TRACE(absl::StrCat("byte ", at, " of ", names[segment]));
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x20);
      WriteFile(names[segment], bad);
      const JournalContents got = ReadOffline();
      ASSERT_TRUE(absl::IsOutOfRange(got.end)) << got.end;
      if (at < size_t{kFirstByte}) {  // one of two headers, or the snapshot
        ASSERT_THAT(got.payloads, ElementsAreArray(Payloads('p', 9)));
        continue;
      }
      const int lost = static_cast<int>(
          segment * 3 + (at - size_t{kFirstByte}) / size_t{kEntryBytes});
      ASSERT_THAT(got.payloads, ElementsAreArray(PayloadsWithout(9, lost)));
      ASSERT_EQ(got.missing, lost == 8 ? 0 : 1) << "the last one is a tail";
    }
    WriteFile(names[segment], good);
  }
  testing::internal::GetCapturedStderr();
}

TEST_F(JournalDamageTest, IsReportedWithFileByteAndExtent) {
  Prepare(3);
  Damage(1);
  testing::internal::CaptureStderr();
  ReadOffline();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("00000000000000000000-0000000001.segment"));
  EXPECT_THAT(said,
              HasSubstr(absl::StrCat(kEntryBytes, " damaged bytes at byte ",
                                     kFirstByte + kEntryBytes)));
  EXPECT_THAT(said, HasSubstr("1 records are missing before offset 2"));
}

TEST_F(JournalDamageTest, CountsRecordsNotEntries) {
  Open();
  for (const uint32_t records : {10u, 20u, 30u}) {
    Answer answer;
    journal_->Append(EntryOf("batch", records), AckDepth::kSynced,
                     answer.Expect());
    ASSERT_TRUE(answer.Wait().ok());
  }
  Close();
  const std::string name = SegmentFiles().front();
  std::string bytes = ReadFile(name);
  bytes[size_t{kFirstByte + kEntryBytes + 30}] ^= 1;
  WriteFile(name, bytes);
  const JournalContents got = ReadOffline();
  EXPECT_THAT(got.offsets, ElementsAre(0, 30));
  EXPECT_EQ(got.missing, 20);
}

TEST_F(JournalDamageTest, AtASegmentsEndIsCountedByTheNextOnesOffset) {
  Prepare(6);
  Damage(1);
  Damage(2);
  const JournalContents got = ReadOffline();
  EXPECT_THAT(got.offsets, ElementsAre(0, 3, 4, 5));
  EXPECT_EQ(got.missing, 2);
}

TEST_F(JournalDamageTest, AVanishedSegmentIsCountedAndPassed) {
  Prepare(9);
  Open();
  const auto reader = journal_->NewReader(0);
  ASSERT_TRUE(reader->Next().ok());
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles()[1])).ok());
  const JournalContents got = ReadToEnd(reader.get());
  EXPECT_THAT(got.offsets, ElementsAre(1, 2, 6, 7, 8));
  EXPECT_EQ(got.missing, 3);
}

TEST_F(JournalDamageTest, WhatWasDeletedBeforeTheReaderBeganIsNotMissing) {
  Prepare(9);
  ASSERT_TRUE(files_.Remove(PathOf(SegmentFiles()[0])).ok());
  Open();
  EXPECT_EQ(journal_->NewReader(0)->offset(), 3u);
  const JournalContents got = ReadFrom(0);
  EXPECT_THAT(got.offsets, ElementsAre(3, 4, 5, 6, 7, 8));
  EXPECT_EQ(got.missing, 0);
}

TEST_F(JournalDamageTest, InTheNewestSegmentDoesNotStopAppends) {
  Prepare(2);
  Damage(0);
  Open();
  EXPECT_EQ(journal_->synced_head(), 2u);
  AppendAll({PayloadOf('p', 2)});
  const JournalContents got = ReadFrom(0);
  EXPECT_THAT(got.offsets, ElementsAre(1, 2));
  EXPECT_EQ(got.missing, 1);
}

// Goal: synced bytes that go bad under a running server are counted, though no
// later entry says so yet. Method: damage behind the reader's position, then
// more appends.
TEST_F(JournalDamageTest, UnderARunningServerIsCountedUpToTheHead) {
  options_.segment_bytes = 4096;
  Open();
  AppendAll(Payloads('p', 2));
  const auto reader = journal_->NewReader(0);
  ASSERT_TRUE(reader->Next().ok());
  AppendAll({PayloadOf('p', 2)});
  const std::string name = SegmentFiles().front();
  {
    const auto file = files_.Open(PathOf(name), FileSystem::Mode::kReadWrite);
    ASSERT_TRUE((*file)->WriteAt(kFirstByte + 2 * kEntryBytes, {"xxxx"}).ok());
  }
  EXPECT_THAT(ReadToEnd(reader.get()).offsets, ElementsAre(1));
  EXPECT_EQ(reader->missing_records(), 1);
  EXPECT_EQ(reader->offset(), 3u);
  EXPECT_FALSE(reader->WaitForEntry(absl::InfinitePast()));

  AppendAll({PayloadOf('p', 3)});
  EXPECT_THAT(ReadToEnd(reader.get()).offsets, ElementsAre(3));
  EXPECT_EQ(reader->missing_records(), 1);
}

TEST_F(JournalDamageTest, TheNewerSegmentWinsWhereTwoOverlap) {
  Prepare(3);
  const std::string old_name = SegmentFiles().front();
  const std::string old_bytes = ReadFile(old_name);
  // A journal whose first segment ended after one entry...
  std::string shorter = old_bytes;
  std::fill(shorter.begin() + kFirstByte + kEntryBytes, shorter.end(), '\0');
  shorter.resize(size_t{kFirstByte + kEntryBytes});
  WriteFile(old_name, shorter);
  Open();
  AppendAll({PayloadOf('n', 0), PayloadOf('n', 1), PayloadOf('n', 2)});
  Close();
  ASSERT_THAT(SegmentFiles(),
              ElementsAre(old_name, "00000000000000000001-0000000002.segment"));
  // ... has what was not synced come back.
  WriteFile(old_name, old_bytes);
  const std::vector<std::string> expected = {
      PayloadOf('p', 0), PayloadOf('n', 0), PayloadOf('n', 1),
      PayloadOf('n', 2)};
  EXPECT_THAT(ReadOffline().payloads, ElementsAreArray(expected));
  Open();
  const JournalContents got = ReadFrom(0);
  EXPECT_THAT(got.payloads, ElementsAreArray(expected));
  EXPECT_EQ(got.missing, 0);
}

TEST_F(JournalDamageTest, AReadThatFailsMayBeRepeated) {
  Prepare(3);
  Open();
  const auto reader = journal_->NewReader(0);
  files_.Fail(FaultyFileSystem::Call::kRead, absl::UnknownError("I/O error"));
  EXPECT_EQ(reader->Next().status().code(), absl::StatusCode::kUnavailable);
  files_.Fail(FaultyFileSystem::Call::kOpen, absl::UnknownError("EMFILE"));
  const auto other = journal_->NewReader(0);
  EXPECT_EQ(other->Next().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(ReadToEnd(reader.get()).offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(ReadToEnd(other.get()).offsets, ElementsAre(0, 1, 2));
}

}  // namespace
}  // namespace logboom
