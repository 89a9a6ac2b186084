#include "server/journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
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

using JournalTest = JournalFixture;

TEST_F(JournalTest, ReturnsWhatWasAppendedInItsOrder) {
  Open();
  AppendAll({"a", "b", "c"});
  EXPECT_EQ(journal_->synced_head(), 3u);
  const JournalContents got = ReadFrom(0);
  EXPECT_THAT(got.payloads, ElementsAre("a", "b", "c"));
  EXPECT_THAT(got.offsets, ElementsAre(0, 1, 2));
  EXPECT_TRUE(absl::IsOutOfRange(got.end));
  EXPECT_EQ(got.missing, 0);
}

TEST_F(JournalTest, OffsetsCountRecords) {
  Open();
  Answer first, second, third;
  journal_->Append(EntryOf("a", 10), AckDepth::kSynced, first.Expect());
  journal_->Append(EntryOf("b", 1), AckDepth::kWritten, second.Expect());
  journal_->Append(EntryOf("c", 5), AckDepth::kSynced, third.Expect());
  EXPECT_EQ(first.Wait().value(), 0u);
  EXPECT_EQ(second.Wait().value(), 10u);
  EXPECT_EQ(third.Wait().value(), 11u);
  EXPECT_EQ(journal_->synced_head(), 16u);
}

TEST_F(JournalTest, AnEmptyJournalHasNothingToRead) {
  Open();
  EXPECT_EQ(journal_->synced_head(), 0u);
  EXPECT_THAT(ReadFrom(0).payloads, IsEmpty());
  EXPECT_TRUE(absl::IsOutOfRange(ReadFrom(0).end));
  EXPECT_THAT(ReadOffline().payloads, IsEmpty());
}

TEST_F(JournalTest, AFullSegmentIsFollowedByANewOne) {
  options_.segment_bytes = kSmallSegment;
  Open();
  AppendAll(Payloads('p', 7));
  EXPECT_THAT(SegmentFiles(),
              ElementsAre("00000000000000000000-0000000001.segment",
                          "00000000000000000003-0000000002.segment",
                          "00000000000000000006-0000000003.segment"));
  EXPECT_THAT(ReadFrom(0).payloads, ElementsAreArray(Payloads('p', 7)));
  for (const std::string& name : SegmentFiles()) {
    EXPECT_EQ(ReadFile(name).size(), static_cast<size_t>(kSmallSegment));
  }
}

TEST_F(JournalTest, AnEntryLargerThanASegmentGetsOneOfItsOwn) {
  options_.segment_bytes = kSmallSegment;
  Open();
  const std::string large(5'000'000, 'x');
  AppendAll({"before", large, "after"});
  EXPECT_THAT(SegmentFiles(), SizeIs(3));
  const JournalContents got = ReadFrom(0);
  ASSERT_THAT(got.payloads, SizeIs(3));
  EXPECT_EQ(got.payloads[1], large);
  EXPECT_EQ(got.payloads[2], "after");
}

// Goal: whoever waits for the disk is not counted as durable before. Method:
// the sync is held up; by then written entries have been answered, synced ones
// not, and a reader sees nothing.
TEST_F(JournalTest, AnswersWrittenBeforeTheSyncAndSyncedBehindIt) {
  Open();
  AppendAll({"begins the segment"});
  Answer written, synced;
  Gate syncing, let_sync;
  files_.SetHook([&](Call call) {
    if (call != Call::kSync) return;
    syncing.Open();
    let_sync.WaitUntilOpen();
  });
  journal_->Append(EntryOf("w"), AckDepth::kWritten, written.Expect());
  EXPECT_EQ(written.Wait().value(), 1u);
  journal_->Append(EntryOf("s"), AckDepth::kSynced, synced.Expect());
  syncing.WaitUntilOpen();
  EXPECT_FALSE(synced.given());
  EXPECT_EQ(journal_->synced_head(), 1u);
  EXPECT_THAT(ReadFrom(1).payloads, IsEmpty());
  let_sync.Open();
  files_.SetHook([](Call) {});
  EXPECT_EQ(synced.Wait().value(), 2u);
  EXPECT_EQ(journal_->synced_head(), 3u);
  EXPECT_THAT(ReadFrom(1).payloads, ElementsAre("w", "s"));
}

TEST_F(JournalTest, WhatWaitsDuringASyncIsWrittenAndSyncedAtOnce) {
  Open();
  AppendAll({"begins the segment"});
  Gate syncing, let_sync;
  files_.SetHook([&](Call call) {
    if (call != Call::kSync) return;
    syncing.Open();
    let_sync.WaitUntilOpen();
  });
  std::vector<Answer> answers(101);
  journal_->Append(EntryOf("first"), AckDepth::kSynced, answers[0].Expect());
  syncing.WaitUntilOpen();
  const int writes = files_.calls(Call::kWrite);
  const int syncs = files_.calls(Call::kSync);
  for (size_t i = 1; i < answers.size(); ++i) {
    journal_->Append(EntryOf("x"), AckDepth::kSynced, answers[i].Expect());
  }
  let_sync.Open();
  files_.SetHook([](Call) {});
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].Wait().value(), i + 1);
  }
  EXPECT_EQ(files_.calls(Call::kWrite), writes + 1);
  EXPECT_EQ(files_.calls(Call::kSync), syncs + 1);
}

// Goal: who is told "synced" finds the record with a reader, already in `done`.
TEST_F(JournalTest, TheHeadIsPastARecordWhenItsAppendIsAnswered) {
  Open();
  for (int i = 0; i < 50; ++i) {
    Answer answer;
    journal_->Append(EntryOf("x"), AckDepth::kSynced,
                     [&, done = answer.Expect()](auto offset) mutable {
                       EXPECT_GT(journal_->synced_head(), offset.value());
                       done(std::move(offset));
                     });
    ASSERT_TRUE(answer.Wait().ok());
  }
}

TEST_F(JournalTest, StopWritesAndAnswersWhatIsQueued) {
  Open();
  std::vector<Answer> answers(500);
  for (Answer& answer : answers) {
    journal_->Append(EntryOf("x"), AckDepth::kSynced, answer.Expect());
  }
  journal_->Stop();
  for (size_t i = 0; i < answers.size(); ++i) {
    ASSERT_TRUE(answers[i].given());
    EXPECT_EQ(answers[i].Wait().value(), i);
  }
  EXPECT_THAT(ReadFrom(0).payloads, SizeIs(500)) << "readers go on";
}

TEST_F(JournalTest, AStoppedJournalRefusesAppends) {
  Open();
  journal_->Stop();
  journal_->Stop();
  EXPECT_EQ(Append("late").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(JournalTest, AJournalContinuesWhereItStopped) {
  // Three records, with the notice of a stop behind each.
  options_.segment_bytes = kFirstByte + 3 * (kEntryBytes + 128);
  std::vector<std::string> all;
  for (int i = 0; i < 8; ++i) {
    Open();
    EXPECT_EQ(journal_->synced_head(), all.size());
    all.push_back(PayloadOf('p', i));
    EXPECT_EQ(Append(all.back()).value(), all.size() - 1);
    EXPECT_THAT(ReadFrom(0).payloads, ElementsAreArray(all));
  }
  EXPECT_THAT(SegmentFiles(), SizeIs(3)) << "segments are filled first";
}

TEST_F(JournalTest, AFolderServesOneServerAtATime) {
  Open();
  const auto second = Journal::Open(&files_, options_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(second.status().message(),
            absl::StrCat("journal folder ", options_.path,
                         " is in use by another server"));
  journal_->Stop();
  EXPECT_FALSE(Journal::Open(&files_, options_).ok())
      << "handlers may still store their cursors";
  Close();
  EXPECT_TRUE(Journal::Open(&files_, options_).ok());
}

TEST_F(JournalTest, AFolderThatCannotBeUsedIsNamed) {
  std::ofstream(folder_.PathOf("file")) << "not a folder";
  options_.path = folder_.PathOf("file/journal");
  const auto below_a_file = Journal::Open(&files_, options_);
  EXPECT_EQ(below_a_file.status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(below_a_file.status().message(), HasSubstr(options_.path));

  options_.path = folder_.PathOf("read-only");
  files_.Fail(Call::kOpen, absl::PermissionDeniedError("opening x: no"));
  const auto read_only = Journal::Open(&files_, options_);
  EXPECT_EQ(read_only.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(read_only.status().message(),
            absl::StrCat("journal folder ", options_.path,
                         " cannot be used: opening x: no"));
}

TEST_F(JournalTest, OtherFilesInTheFolderAreLeftAlone) {
  Open();
  AppendAll({"a"});
  Close();
  WriteFile("notes.txt", "mine");
  WriteFile("7-7.segment", "mine too");
  Open();
  AppendAll({"b"});
  EXPECT_EQ(ReadFile("notes.txt"), "mine");
  EXPECT_EQ(ReadFile("7-7.segment"), "mine too");
  EXPECT_THAT(ReadFrom(0).payloads, ElementsAre("a", "b"));
}

TEST_F(JournalTest, ReadingAFolderAtRestNeedsAJournal) {
  EXPECT_EQ(OpenJournalForReading(&files_, folder_.PathOf("none"),
                                  EntrySelection::kAll)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenJournalForReading(&files_, folder_.path(), EntrySelection::kAll)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

TEST_F(JournalTest, AFolderInUseIsReadUpToItsLastWholeEntry) {
  options_.segment_bytes = kSmallSegment;
  Open();
  AppendAll(Payloads('p', 5));
  const auto reader = OpenJournalForReading(&files_, options_.path,
                                            EntrySelection::kWithRecords);
  ASSERT_TRUE(reader.ok()) << reader.status();
  AppendAll({"later"});
  EXPECT_THAT(ReadToEnd(reader->get()).payloads,
              ElementsAreArray(Payloads('p', 5)));
}

}  // namespace
}  // namespace logboom
