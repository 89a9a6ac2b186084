#include "server/journal/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
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

constexpr int kAlways = 1'000'000;
const absl::Status kIoError = absl::UnknownError("syncing x: I/O error");

// A disk that fails under a running journal.
class CommitterTest : public JournalFixture {
 protected:
  void SetUp() override { testing::internal::CaptureStderr(); }
  void TearDown() override {
    Close();
    testing::internal::GetCapturedStderr();
  }
  // What was said on stderr since the last call.
  std::string Said() {
    std::string text = testing::internal::GetCapturedStderr();
    testing::internal::CaptureStderr();
    return text;
  }
  // The journal holds exactly these records under rising offsets without a gap,
  // now and for the next server.
  void ExpectSequence(const std::vector<std::string>& payloads) {
    for (const bool reopened : {false, true}) {
      SCOPED_TRACE(reopened ? "reopened" : "running");
      if (reopened) Open();
      EXPECT_EQ(journal_->synced_head(), payloads.size());
      const JournalContents got = ReadFrom(0);
      EXPECT_THAT(got.payloads, ElementsAreArray(payloads));
      for (size_t i = 0; i < got.offsets.size(); ++i) {
        EXPECT_EQ(got.offsets[i], i);
      }
      EXPECT_EQ(got.missing, 0);
    }
  }
};

TEST_F(CommitterTest, AFailedWriteIsAnsweredAndTheNextGoesToANewSegment) {
  Open();
  AppendAll({"a"});
  files_.Fail(Call::kWrite, kIoError);
  EXPECT_EQ(Append("lost", AckDepth::kWritten).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(AppendUntilStored("b").value(), 1u);
  EXPECT_THAT(SegmentFiles(),
              ElementsAre("00000000000000000000-0000000001.segment",
                          "00000000000000000001-0000000002.segment"));
  ExpectSequence({"a", "b"});
}

TEST_F(CommitterTest, AFailedSyncIsAnsweredAndItsFileNeverTrustedAgain) {
  Open();
  AppendAll({"a"});
  files_.Fail(Call::kSync, kIoError);
  EXPECT_EQ(Append("lost").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(journal_->synced_head(), 1u);
  EXPECT_EQ(AppendUntilStored("b").value(), 1u);
  EXPECT_THAT(SegmentFiles(), SizeIs(2));
  EXPECT_EQ(ReadFile(SegmentFiles().front()).find("lost"), std::string::npos);
  ExpectSequence({"a", "b"});
}

// The disk refuses even to cut the file: the new segment's first offset says
// where the old one ends.
TEST_F(CommitterTest, AnUnsyncedEntryThatCannotBeCutIsReplaced) {
  Open();
  AppendAll({"a"});
  files_.Fail(Call::kTruncate, kIoError, kAlways);
  files_.Fail(Call::kSync, kIoError);
  EXPECT_FALSE(Append("lost").ok());
  EXPECT_EQ(AppendUntilStored("b").value(), 1u);
  EXPECT_NE(ReadFile(SegmentFiles().front()).find("lost"), std::string::npos);
  ExpectSequence({"a", "b"});
}

TEST_F(CommitterTest, ASegmentWithNothingSyncedIsReplacedAsAWhole) {
  Open();
  // The first sync is the new segment's own, the second one the entry's.
  files_.SetHook([this, syncs = 0](Call call) mutable {
    if (call == Call::kSync && ++syncs == 2) files_.Fail(Call::kSync, kIoError);
  });
  files_.Fail(Call::kRemove, kIoError, kAlways);
  EXPECT_FALSE(Append("lost").ok());
  EXPECT_EQ(AppendUntilStored("a").value(), 0u);
  EXPECT_THAT(SegmentFiles(), SizeIs(2));
  ExpectSequence({"a"});
}

// Goal: an answer given stays true. Method: the sync behind a written answer
// fails; the record must still appear, under the offset that was promised, with
// no further append to push it.
TEST_F(CommitterTest, WhatWasAnsweredAsWrittenIsWrittenAgain) {
  Open();
  AppendAll({"a"});
  files_.Fail(Call::kSync, kIoError);
  const auto reader = journal_->NewReader(1);
  EXPECT_EQ(Append("promised", AckDepth::kWritten).value(), 1u);
  EXPECT_TRUE(reader->WaitForEntry(absl::InfiniteFuture()));
  const auto entry = reader->Next();
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->payload, "promised");
  EXPECT_EQ(entry->header.first_offset, 1u);
  EXPECT_EQ(AppendUntilStored("b").value(), 2u);
  ExpectSequence({"a", "promised", "b"});
}

// The same with both depths in one group: the synced one waits, and its offset
// is its own.
TEST_F(CommitterTest, AGroupWithAWrittenAnswerIsKeptAsAWhole) {
  Open();
  AppendAll({"a"});
  Gate syncing, let_sync;
  files_.SetHook([&](Call call) {
    if (call != Call::kSync) return;
    syncing.Open();
    let_sync.WaitUntilOpen();
  });
  Answer first, synced, written;
  journal_->Append(EntryOf("b"), AckDepth::kSynced, first.Expect());
  syncing.WaitUntilOpen();
  journal_->Append(EntryOf("s"), AckDepth::kSynced, synced.Expect());
  journal_->Append(EntryOf("w"), AckDepth::kWritten, written.Expect());
  files_.SetHook([this, failed = false](Call call) mutable {
    if (call == Call::kSync && !std::exchange(failed, true)) {
      files_.Fail(Call::kSync, kIoError);
    }
  });
  let_sync.Open();
  EXPECT_EQ(first.Wait().value(), 1u);
  EXPECT_EQ(written.Wait().value(), 3u);
  EXPECT_EQ(synced.Wait().value(), 2u);
  ExpectSequence({"a", "b", "s", "w"});
}

// Goal: a stream's later batch is never stored behind its failed one. Method: B
// is queued while A's sync is under way, and that fails.
TEST_F(CommitterTest, WhatIsQueuedBehindAFailureFailsToo) {
  Open();
  AppendAll({"a"});
  Gate syncing, let_sync;
  files_.SetHook([&](Call call) {
    if (call != Call::kSync) return;
    syncing.Open();
    let_sync.WaitUntilOpen();
  });
  Answer failed, behind;
  files_.Fail(Call::kSync, kIoError);
  journal_->Append(EntryOf("A"), AckDepth::kSynced, failed.Expect());
  syncing.WaitUntilOpen();
  journal_->Append(EntryOf("B"), AckDepth::kSynced, behind.Expect());
  let_sync.Open();
  files_.SetHook([](Call) {});
  EXPECT_EQ(failed.Wait().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(behind.Wait().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(AppendUntilStored("c").value(), 1u);
  ExpectSequence({"a", "c"});
}

TEST_F(CommitterTest, AFullDiskIsSaidOnceAndTheServerGoesOnWithRoom) {
  Open();
  Said();
  files_.Fail(Call::kAllocate,
              absl::ResourceExhaustedError("allocating x: no space left"),
              kAlways);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Append("refused").status().code(),
              absl::StatusCode::kUnavailable);
  }
  EXPECT_THAT(SegmentFiles(), IsEmpty());
  files_.Heal(Call::kAllocate);
  // The pause between attempts may not be over: ask until it is.
  EXPECT_EQ(AppendUntilStored("a").value(), 0u);
  ExpectSequence({"a"});
  const std::string said = Said();
  EXPECT_THAT(said, HasSubstr("allocating x: no space left"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

TEST_F(CommitterTest, AFailingDiskIsNotAskedAtEveryAppend) {
  Open();
  files_.Fail(Call::kAllocate, kIoError, kAlways);
  constexpr int kAppends = 10'000;
  std::vector<Answer> answers(kAppends);
  for (Answer& answer : answers) {
    journal_->Append(EntryOf("x"), AckDepth::kSynced, answer.Expect());
    ASSERT_FALSE(answer.Wait().ok());
  }
  EXPECT_LT(files_.calls(Call::kAllocate), kAppends / 2);
}

TEST_F(CommitterTest, StopEndsWhileTheDiskFailsAndSaysWhatIsLost) {
  Open();
  AppendAll({"a"});
  files_.Fail(Call::kSync, kIoError, kAlways);
  EXPECT_EQ(Append("promised", AckDepth::kWritten).value(), 1u);
  journal_->Stop();
  EXPECT_THAT(Said(), HasSubstr("1 records could not be made durable"));
  files_.Heal(Call::kSync);
  ExpectSequence({"a"});
}

// Goal: whatever fails and when, offsets stay unique and what was answered OK
// is there. Method: hundreds of appends at both depths while calls that write
// the disk fail now and then. At least 13 calls lie between two faults: enough
// to begin a segment and store an entry, so that no pause sets in.
TEST_F(CommitterTest, OffsetsStayUniqueWhileEverythingFailsNowAndThen) {
  options_.segment_bytes = kFirstEntryByte + 6 * kEntryBytes;
  Open();
  std::map<Call, int> failed;
  std::mt19937 random(1);
  files_.SetHook([&, until_fault = 13](Call call) mutable {
    if (call == Call::kRead || call == Call::kOpen || --until_fault > 0) return;
    until_fault = 13 + static_cast<int>(random() % 10);
    files_.Fail(call, kIoError);
    ++failed[call];
  });
  std::vector<std::string> stored;
  for (int i = 0; stored.size() < 500; ++i) {
    const auto offset = Append(
        PayloadOf('p', i), i % 3 == 0 ? AckDepth::kWritten : AckDepth::kSynced);
    if (!offset.ok()) continue;
    EXPECT_EQ(*offset, stored.size());
    stored.push_back(PayloadOf('p', i));
  }
  journal_->Stop();
  files_.SetHook([](Call) {});
  for (const Call call :
       {Call::kCreate, Call::kAllocate, Call::kWrite, Call::kSync}) {
    EXPECT_GT(failed[call], 0) << "not tried: " << static_cast<int>(call);
  }
  ExpectSequence(stored);
}

}  // namespace
}  // namespace logboom
