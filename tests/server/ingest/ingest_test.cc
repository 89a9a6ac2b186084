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

TEST_F(IngestTest, BytesAreHeldUntilTheirDoneHasRun) {
  Append(60, Note("a"));
  EXPECT_EQ(ingest_.admission().held_bytes(), 60);
  Append(40, [&](absl::StatusOr<Offset>) {
    EXPECT_EQ(ingest_.admission().held_bytes(), 40);
  });
  journal_.Complete(0);
  EXPECT_EQ(ingest_.admission().held_bytes(), 40);
  journal_.Complete(1);
  EXPECT_EQ(ingest_.admission().held_bytes(), 0);
}

TEST_F(IngestTest, AFailedAppendGivesItsBytesBackToo) {
  Append(200, Note("a"));
  journal_.Fail(0, absl::UnavailableError("disk"));
  EXPECT_EQ(ingest_.admission().held_bytes(), 0);
  EXPECT_THAT(notes_, ElementsAre("a failed"));
}

TEST_F(IngestTest, WhatIsDurableMakesRoom) {
  struct Waiter final : Admission::Reader {
    void OnRoom() override { ++told; }
    int told = 0;
  };
  const auto waiter = std::make_shared<Waiter>();
  Append(100, Note("a"));
  Append(100, Note("b"));
  EXPECT_FALSE(
      ingest_.admission().Ask(waiter, Admission::Kind::kStream, 10).has_room);
  journal_.Complete(0);
  EXPECT_EQ(waiter->told, 0) << "still 100 bytes queued";
  journal_.Complete(1);
  EXPECT_EQ(waiter->told, 1);
}

}  // namespace
}  // namespace logboom
