// Producers and losses, known again after every kind of stop.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/journal/recovery.h"
#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Call = FaultyFileSystem::Call;

const absl::Status kIoError = absl::UnknownError("syncing x: I/O error");

class ProducersTest : public JournalFixture {
 protected:
  static PendingEntry BatchOf(uint8_t producer, uint64_t sequence,
                              uint64_t epoch = 1) {
    PendingEntry entry = EntryOf(PayloadOf('p', static_cast<int>(sequence)));
    entry.anonymous = false;
    entry.producer_id = {producer};
    entry.session_epoch = epoch;
    entry.sequence = sequence;
    entry.received = absl::Now();
    return entry;
  }

  void Store(PendingEntry entry) {
    Answer answer;
    journal_->Append(std::move(entry), AckDepth::kSynced, answer.Expect());
    ASSERT_TRUE(answer.Wait().ok()) << answer.Wait().status();
  }

  absl::StatusOr<uint64_t> Last(uint8_t producer, uint64_t epoch = 1) {
    Answer answer;
    journal_->FindLastSequence({producer}, epoch, answer.Expect());
    return answer.Wait();
  }

  std::string Losses() { return journal_->ledger().totals().ToString(); }
};

TEST_F(ProducersTest, ASequenceIsKnownWhenItsEntryIsStored) {
  Open();
  EXPECT_EQ(Last(1).value(), 0u);
  Store(BatchOf(1, 1));
  Store(BatchOf(1, 5));
  Store(BatchOf(2, 3));
  EXPECT_EQ(Last(1).value(), 5u);
  EXPECT_EQ(Last(2).value(), 3u);
  EXPECT_EQ(Last(1, /*epoch=*/2).value(), 0u);
}

TEST_F(ProducersTest, ARejectionUsesItsSequenceUp) {
  Open();
  Store(BatchOf(1, 1));
  PendingEntry notice = BatchOf(1, 2);
  notice.kind = EntryKind::kNotice;
  notice.record_count = 0;
  notice.payload = absl::Cord();
  Store(std::move(notice));
  EXPECT_EQ(Last(1).value(), 2u);
}

// Goal: an answer covers all that was queued before the question. Method: the
// question comes while the entry's sync is under way.
TEST_F(ProducersTest, AQuestionWaitsForWhatWasQueuedBeforeIt) {
  Open();
  Store(BatchOf(1, 1));
  Gate syncing, let_sync;
  files_.SetHook([&](Call call) {
    if (call != Call::kSync) return;
    syncing.Open();
    let_sync.WaitUntilOpen();
  });
  Answer stored, found;
  journal_->Append(BatchOf(1, 2), AckDepth::kSynced, stored.Expect());
  syncing.WaitUntilOpen();
  journal_->FindLastSequence({1}, 1, found.Expect());
  EXPECT_FALSE(found.given());
  let_sync.Open();
  EXPECT_EQ(found.Wait().value(), 2u);
  files_.SetHook([](Call) {});
}

TEST_F(ProducersTest, AQuestionIsRefusedWhileTheDiskFails) {
  Open();
  Store(BatchOf(1, 1));
  files_.Fail(Call::kSync, kIoError);
  Answer failed, found;
  journal_->Append(BatchOf(1, 2), AckDepth::kSynced, failed.Expect());
  EXPECT_FALSE(failed.Wait().ok());
  while (!Last(1).ok()) {
  }
  EXPECT_EQ(Last(1).value(), 1u) << "the failed one is not stored";
  journal_->Stop();
  EXPECT_EQ(Last(1).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ProducersTest, AreKnownAgainAfterAnyStop) {
  for (const bool killed : {false, true}) {
    SCOPED_TRACE(killed ? "killed" : "stopped");
    Open();
    Store(BatchOf(killed ? 2 : 1, 7));
    killed ? Kill() : Close();
    Open();
    EXPECT_EQ(Last(killed ? 2 : 1).value(), 7u);
  }
  EXPECT_EQ(Last(1).value(), 7u);
}

// Goal: start-up needs the newest segment only. Method: producers whose entries
// are in older ones, which are taken away.
TEST_F(ProducersTest, ComeFromTheNewestSegmentAlone) {
  options_.segment_bytes = kSmallSegment;
  Open();
  for (uint8_t producer = 1; producer <= 10; ++producer) {
    Store(BatchOf(producer, producer));
  }
  Kill();
  std::vector<std::string> names = SegmentFiles();
  names.pop_back();
  for (const std::string& name : names) {
    ASSERT_TRUE(files_.Remove(PathOf(name)).ok());
  }
  Open();
  for (uint8_t producer = 1; producer <= 10; ++producer) {
    EXPECT_EQ(Last(producer).value(), producer);
  }
}

TEST_F(ProducersTest, ADamagedSnapshotIsReplacedByTheSegmentsBefore) {
  options_.segment_bytes = kSmallSegment;
  Open();
  for (uint8_t producer = 1; producer <= 10; ++producer) {
    Store(BatchOf(producer, producer));
  }
  Store(BatchOf(1, 99));
  Kill();
  const std::string newest = SegmentFiles().back();
  std::string bytes = ReadFile(newest);
  bytes[kFirstEntryByte + 130] ^= 1;
  WriteFile(newest, bytes);
  testing::internal::CaptureStderr();
  Open();
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("has no whole snapshot"));
  EXPECT_EQ(Last(1).value(), 99u);
  for (uint8_t producer = 2; producer <= 10; ++producer) {
    EXPECT_EQ(Last(producer).value(), producer);
  }
}

TEST_F(ProducersTest, AreForgottenWhenNotHeardOfForLong) {
  options_.segment_bytes = kSmallSegment;
  options_.forget_producers = absl::Hours(1);
  Open();
  PendingEntry old = BatchOf(1, 5);
  old.received = absl::Now() - absl::Hours(2);
  Store(std::move(old));
  for (uint64_t sequence = 1; sequence < 5; ++sequence) {
    Store(BatchOf(2, sequence));  // into the next segment
  }
  EXPECT_EQ(Last(1).value(), 0u);
  EXPECT_EQ(Last(2).value(), 4u);
}

// Goal: a batch whose group was torn is not taken for stored because a later
// one of the group is whole. Method: three entries in one group, the first one
// of them lost as a power cut can.
TEST_F(ProducersTest, ATornGroupCountsForNothing) {
  options_.segment_bytes = 4096;
  Open();
  Store(BatchOf(1, 1));
  Gate syncing, let_sync;
  files_.SetHook([&](Call call) {
    if (call != Call::kSync) return;
    syncing.Open();
    let_sync.WaitUntilOpen();
  });
  std::vector<Answer> answers(4);
  for (uint64_t i = 0; i < 4; ++i) {
    journal_->Append(BatchOf(1, 2 + i), AckDepth::kSynced, answers[i].Expect());
    if (i == 0) syncing.WaitUntilOpen();
  }
  let_sync.Open();
  for (Answer& answer : answers) ASSERT_TRUE(answer.Wait().ok());
  files_.SetHook([](Call) {});
  Kill();
  // Entries: 1; 2; then 3, 4 and 5 together.
  const std::string name = SegmentFiles().front();
  const std::string good = ReadFile(name);
  const auto damaged = [&](int entry) {
    std::string bytes = good;
    bytes[static_cast<size_t>(kFirstByte + entry * kEntryBytes + 20)] ^= 1;
    return bytes;
  };
  WriteFile(name, damaged(3));
  testing::internal::CaptureStderr();
  Open();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("torn tail"));
  EXPECT_EQ(Last(1).value(), 3u);
  EXPECT_THAT(ReadFrom(0).offsets, ElementsAre(0, 1, 2));
  EXPECT_EQ(Append("next").value(), 3u);

  // The same hole where it had been synced before: damage, and nothing is cut.
  Close();
  WriteFile(name, damaged(1));
  Open();
  EXPECT_EQ(Last(1).value(), 5u);
  EXPECT_THAT(ReadFrom(0).offsets, ElementsAre(0, 2, 3, 4));
  EXPECT_EQ(ReadFrom(0).missing, 1);
}

TEST_F(ProducersTest, LossesThatComeWithAnEntryAreCountedWithIt) {
  Open();
  LedgerCounts lost;
  lost.Add("sequence_gap", 3);
  PendingEntry entry = BatchOf(1, 5);
  entry.ledger = absl::Cord(lost.Encode());
  Store(entry);
  EXPECT_EQ(Losses(), "sequence_gap 3");
  files_.Fail(Call::kSync, kIoError);
  Answer failed;
  journal_->Append(entry, AckDepth::kSynced, failed.Expect());
  EXPECT_FALSE(failed.Wait().ok());
  EXPECT_EQ(Losses(), "sequence_gap 3");
  Kill();
  Open();
  EXPECT_EQ(Losses(), "sequence_gap 3");
  EXPECT_TRUE(journal_->ledger().since_open().empty());
}

TEST_F(ProducersTest, OtherLossesAreWrittenAtTheStopAtTheLatest) {
  Open();
  journal_->ledger().Count(LossReason::kFrameCut, 4);
  Close();
  Open();
  EXPECT_EQ(Losses(), "frame_cut 4");
  journal_->ledger().Count(LossReason::kFrameCut, 1);
  Close();
  Open();
  EXPECT_EQ(Losses(), "frame_cut 5");
}

// Goal: no stop is needed. Method: the segment is watched until the count is in
// it; nothing else is written.
TEST_F(ProducersTest, OtherLossesAreWrittenByThemselves) {
  Open();
  AppendAll({"a"});
  journal_->ledger().Count(LossReason::kFrameCut, 4);
  while (journal_->ledger().stored_totals().empty()) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  Kill();
  Open();
  EXPECT_EQ(Losses(), "frame_cut 4");
}

TEST_F(ProducersTest, LossesSurviveTheSegmentsTheyWereWrittenIn) {
  options_.segment_bytes = kSmallSegment;
  Open();
  LedgerCounts lost;
  lost.Add("lost_by_producer", 2);
  for (uint64_t sequence = 1; sequence <= 10; ++sequence) {
    PendingEntry entry = BatchOf(1, sequence);
    entry.ledger = absl::Cord(lost.Encode());
    Store(std::move(entry));
  }
  Kill();
  std::vector<std::string> names = SegmentFiles();
  ASSERT_GT(names.size(), 3u);
  names.pop_back();
  for (const std::string& name : names) {
    ASSERT_TRUE(files_.Remove(PathOf(name)).ok());
  }
  Open();
  EXPECT_EQ(Losses(), "lost_by_producer 20");
}

// Goal: senders that cannot send again lose nothing to a disk that comes back.
TEST_F(ProducersTest, EntriesToBeKeptWaitWhileTheDiskFails) {
  Open();
  Store(BatchOf(1, 1));
  files_.Fail(Call::kSync, kIoError, 3);
  std::vector<Answer> kept(5);
  for (int i = 0; i < 5; ++i) {
    PendingEntry entry = EntryOf(PayloadOf('k', i));
    entry.keep_on_failure = true;
    journal_->Append(entry, AckDepth::kSynced, kept[i].Expect());
    // Others of the same moment fail.
    if (i == 0) {
      EXPECT_FALSE(Append("refused").ok());
    }
  }
  for (size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].Wait().value(), i + 1);
  }
  EXPECT_THAT(
      ReadFrom(1).payloads,
      ElementsAre(PayloadOf('k', 0), PayloadOf('k', 1), PayloadOf('k', 2),
                  PayloadOf('k', 3), PayloadOf('k', 4)));
}

TEST_F(ProducersTest, EntriesToBeKeptFailWhenTheServerStops) {
  Open();
  Store(BatchOf(1, 1));
  files_.Fail(Call::kSync, kIoError, 1'000'000);
  PendingEntry entry = EntryOf("kept");
  entry.keep_on_failure = true;
  Answer kept;
  journal_->Append(entry, AckDepth::kSynced, kept.Expect());
  testing::internal::CaptureStderr();
  journal_->Stop();
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(kept.Wait().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace logboom
