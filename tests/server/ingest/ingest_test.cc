#include "server/ingest/ingest.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_journal.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;

class IngestTest : public testing::Test {
 protected:
  ~IngestTest() override { journal_.Stop(); }

  Journal::Done Note(std::string name) {
    return [this, name = std::move(name)](absl::StatusOr<Offset> stored) {
      notes_.push_back(name + (stored.ok() ? " stored" : " failed"));
    };
  }
  void Append(size_t bytes, Journal::Done done) {
    ingest_.Append(session_, {.record_count = 1}, /*skipped_sequences=*/0,
                   absl::Cord(std::string(bytes, 'x')), std::move(done));
  }

  FakeJournal journal_;
  Ingest ingest_{{.ingest_bytes = 100}, &journal_};
  IngestSession session_;
  std::vector<std::string> notes_;
};

TEST_F(IngestTest, AnEntryCarriesItsSessionAndWhatTheCheckFound) {
  session_.anonymous = false;
  session_.producer_id = {1, 2, 3};
  session_.epoch = 77;
  session_.resource = absl::Cord("resource");
  session_.depth = AckDepth::kWritten;
  ingest_.Append(session_,
                 {.record_count = 3,
                  .sequence = 9,
                  .severities = 5,
                  .min_time_unix_nano = 10,
                  .max_time_unix_nano = 20},
                 /*skipped_sequences=*/0, absl::Cord("payload"), Note("a"));
  const PendingEntry entry = journal_.entry(0);
  EXPECT_FALSE(entry.anonymous);
  EXPECT_EQ(entry.producer_id, session_.producer_id);
  EXPECT_EQ(entry.session_epoch, 77u);
  EXPECT_EQ(entry.sequence, 9u);
  EXPECT_EQ(entry.record_count, 3u);
  EXPECT_EQ(entry.severities, 5u);
  EXPECT_EQ(entry.min_time_unix_nano, 10u);
  EXPECT_EQ(entry.max_time_unix_nano, 20u);
  EXPECT_EQ(entry.resource, "resource");
  EXPECT_EQ(entry.payload, "payload");
  EXPECT_EQ(journal_.depth(0), AckDepth::kWritten);
  EXPECT_EQ(ingest_.accepted_records(), 3);
}

TEST_F(IngestTest, AnAnonymousSessionHasNoSequence) {
  ingest_.Append(session_, {.record_count = 1, .sequence = 9},
                 /*skipped_sequences=*/0, absl::Cord("payload"), Note("a"));
  EXPECT_EQ(journal_.entry(0).sequence, 0u);
}

TEST_F(IngestTest, ARejectionIsCountedAndUsesItsSequenceUp) {
  session_.anonymous = false;
  ingest_.AppendRejection(session_, 7, /*skipped_sequences=*/2,
                          Note("rejected"));
  EXPECT_EQ(journal_.entry(0).kind, EntryKind::kNotice);
  EXPECT_EQ(journal_.entry(0).sequence, 7u);
  EXPECT_EQ(journal_.entry(0).record_count, 0u);
  journal_.Complete(0);
  EXPECT_EQ(journal_.ledger().totals().ToString(),
            "batch_rejected 1, sequence_gap 2");
}

TEST_F(IngestTest, WhatIsMissingBeforeABatchIsCountedWhenTheBatchIsStored) {
  session_.anonymous = false;
  ingest_.Append(session_,
                 {.record_count = 1, .sequence = 9, .lost_records = 5},
                 /*skipped_sequences=*/3, absl::Cord("payload"), Note("a"));
  EXPECT_TRUE(journal_.ledger().totals().empty());
  journal_.Complete(0);
  EXPECT_EQ(journal_.ledger().totals().ToString(),
            "lost_by_producer 5, sequence_gap 3");
}

TEST_F(IngestTest, BytesCountUntilTheirDoneHasRun) {
  Append(60, Note("a"));
  EXPECT_EQ(ingest_.queued_bytes(), 60);
  EXPECT_TRUE(ingest_.has_room());
  Append(40, Note("b"));
  EXPECT_FALSE(ingest_.has_room());
  journal_.Complete(0);
  EXPECT_EQ(ingest_.queued_bytes(), 40);
  EXPECT_TRUE(ingest_.has_room());
}

TEST_F(IngestTest, AFailedAppendGivesItsBytesBackToo) {
  Append(200, Note("a"));
  journal_.Fail(0, absl::UnavailableError("disk"));
  EXPECT_EQ(ingest_.queued_bytes(), 0);
  EXPECT_THAT(notes_, ElementsAre("a failed"));
}

TEST_F(IngestTest, AWaiterIsResumedAtOnceWhenThereIsRoom) {
  ingest_.WhenRoom([&] { notes_.push_back("resumed"); });
  EXPECT_THAT(notes_, ElementsAre("resumed"));
}

TEST_F(IngestTest, AWaiterIsResumedOnceWhenRoomComes) {
  Append(100, Note("a"));
  Append(100, Note("b"));
  ingest_.WhenRoom([&] { notes_.push_back("resumed"); });
  journal_.Complete(0);
  EXPECT_THAT(notes_, ElementsAre("a stored")) << "still 100 bytes queued";
  journal_.Complete(1);
  EXPECT_THAT(notes_, ElementsAre("a stored", "b stored", "resumed"));
}

}  // namespace
}  // namespace logboom
