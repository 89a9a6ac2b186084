// Goal: batches leave the spool as they came, in order, over any number of
// lives; files go when all in them is settled; one process has a folder; its
// bound holds, and what is dropped for it is told to the last record.
#include "client/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/journal/file_system.h"
#include "server/journal/journal.h"
#include "tests/client/spool_fixture.h"

namespace logboom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SpoolTest : public testing::Test {
 protected:
  // Files of one batch each, or nearly.
  SpoolOptions Small() {
    SpoolOptions options = fixture_.options();
    options.segment_bytes = 256;
    return options;
  }
  static void Append(Spool* spool, uint64_t first, uint64_t last,
                     int64_t records = 1) {
    for (uint64_t i = first; i <= last; ++i) {
      const Spool::Dropped dropped = spool->Append(MakeBatch(i, records));
      ASSERT_TRUE(dropped.stored && dropped.why.ok()) << dropped.why;
    }
  }

  SpoolFixture fixture_;
};

TEST_F(SpoolTest, ReturnsBatchesAsTheyCame) {
  Spool& spool = fixture_.NextLife(1);
  Batch batch = MakeBatch(7, 3, std::string(50000, 'x'));
  batch.lost = Lost(ProducerLoss::kBufferFull, 5);
  ASSERT_TRUE(spool.Append(batch).stored);
  EXPECT_TRUE(spool.has_next());
  const auto next = spool.Next();
  ASSERT_TRUE(next.ok() && *next) << next.status();
  EXPECT_EQ((*next)->sequence, 7);
  EXPECT_EQ((*next)->records, 3);
  EXPECT_EQ((*next)->payload, batch.payload);
  EXPECT_EQ((*next)->lost.counts, batch.lost.counts);
  EXPECT_GE((*next)->memory_bytes, 50000);
  EXPECT_FALSE(spool.has_next());
  EXPECT_TRUE(spool.has_unsettled());
}

TEST_F(SpoolTest, APayloadOutlivesItsFileAndItsSpool) {
  Append(&fixture_.NextLife(1, Small()), 1, 2);
  Spool& spool = fixture_.NextLife(2, Small());
  const auto next = spool.Next();
  ASSERT_TRUE(next.ok() && *next);
  ASSERT_TRUE(spool.Settle(1).ok());
  fixture_.EndLife();
  EXPECT_EQ((*next)->payload, MakeBatch(1).payload);
}

TEST_F(SpoolTest, ReadsWhatIsAppendedMeanwhile) {
  uint64_t epoch = 0;
  for (const SpoolOptions& options : {Small(), fixture_.options()}) {
    Spool& spool = fixture_.NextLife(++epoch, options);
    for (uint64_t i = 1; i <= 9; ++i) {
      Append(&spool, i, i);
      EXPECT_THAT(fixture_.ReadAll(&spool), ElementsAre(i));
      if (i % 3 != 0) continue;
      EXPECT_TRUE(spool.Settle(i).ok());
      EXPECT_THAT(fixture_.Files(), IsEmpty());
      EXPECT_EQ(spool.bytes(), 0);
    }
  }
}

TEST_F(SpoolTest, DoesNotReadWhatIsSettledUnread) {
  Append(&fixture_.NextLife(1), 1, 4);
  Spool& spool = fixture_.NextLife(2);
  ASSERT_TRUE(spool.Settle(2).ok());
  EXPECT_EQ(spool.earlier_records(), 2);
  EXPECT_THAT(fixture_.ReadAll(&spool), ElementsAre(3, 4));
}

TEST_F(SpoolTest, SendsEarlierLivesFirstEachUnderItsOwnName) {
  std::string producer_id;
  for (const uint64_t epoch : {30, 10, 20}) {
    Spool& spool = fixture_.NextLife(epoch);
    if (producer_id.empty()) producer_id = spool.producer_id();
    EXPECT_EQ(spool.producer_id(), producer_id);
    Append(&spool, 1, 2, 10);
  }
  Spool& spool = fixture_.NextLife(5);
  EXPECT_EQ(producer_id.size(), 16u);
  EXPECT_EQ(spool.producer_id(), producer_id);
  Append(&spool, 1, 1);
  EXPECT_EQ(spool.earlier_records(), 60);
  EXPECT_EQ(spool.own_records(), 1);
  EXPECT_FALSE(spool.at_own_life());
  EXPECT_EQ(spool.front_life().epoch, 30);
  EXPECT_EQ(spool.front_life().resource, "resource of 30");
  EXPECT_THAT(fixture_.ReadAll(&spool), ElementsAre(1, 2));
  EXPECT_FALSE(spool.has_next()) << "the next life is not the front yet";
  spool.Rewind(0);
  EXPECT_THAT(
      fixture_.Drain(&spool),
      ElementsAre("30:1", "30:2", "10:1", "10:2", "20:1", "20:2", "5:1"));
  EXPECT_EQ(spool.earlier_records() + spool.own_records(), 0);
  EXPECT_THAT(spool.TakeProblems(), IsEmpty());
}

TEST_F(SpoolTest, DeletesALifesFilesBeforeTheNextLifeIsTheFront) {
  Append(&fixture_.NextLife(1, Small()), 1, 5);
  BadDisk disk;
  SpoolOptions options = Small();
  options.disk = &disk;
  Spool& spool = fixture_.NextLife(2, options);
  ASSERT_THAT(fixture_.Files(), SizeIs(5));
  EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(5));
  ASSERT_TRUE(spool.Settle(3).ok());
  EXPECT_THAT(fixture_.Files(), SizeIs(2));
  EXPECT_EQ(spool.bytes(), fixture_.FileBytes());
  disk.fails_remove = true;
  EXPECT_TRUE(absl::IsFailedPrecondition(spool.Settle(5)));
  EXPECT_FALSE(spool.at_own_life());
  EXPECT_FALSE(spool.has_unsettled());
  EXPECT_EQ(spool.earlier_records(), 0);
  disk.fails_remove = false;
  EXPECT_TRUE(spool.Settle(0).ok());
  EXPECT_TRUE(spool.at_own_life());
  EXPECT_THAT(fixture_.Files(), IsEmpty());
}

TEST_F(SpoolTest, WhatIsSettledOfOneLifeIsNotOfTheNext) {
  Append(&fixture_.NextLife(1, Small()), 1, 5);
  Append(&fixture_.NextLife(2, Small()), 1, 2);
  Spool& spool = fixture_.NextLife(3, Small());
  EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(5));
  ASSERT_TRUE(spool.Settle(5).ok());
  ASSERT_EQ(spool.front_life().epoch, 2);
  EXPECT_TRUE(spool.has_next());
  EXPECT_TRUE(spool.has_unsettled());
  ASSERT_TRUE(spool.Settle(0).ok());
  EXPECT_EQ(spool.earlier_records(), 2);
  EXPECT_THAT(fixture_.Files(), SizeIs(2));
  EXPECT_THAT(fixture_.ReadAll(&spool), ElementsAre(1, 2));
}

TEST_F(SpoolTest, CountsWhatIsSettledInTheMiddleOfAFile) {
  Append(&fixture_.NextLife(1), 1, 4, 10);
  Append(&fixture_.NextLife(2), 1, 4, 10);
  Spool& spool = fixture_.NextLife(3);
  for (int64_t lives = 2; lives > 0; --lives) {
    EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(4));
    for (uint64_t i = 1; i <= 3; ++i) {
      ASSERT_TRUE(spool.Settle(i).ok());
      EXPECT_EQ(spool.earlier_records(),
                lives * 40 - 10 * static_cast<int64_t>(i));
      EXPECT_TRUE(spool.has_unsettled());
      EXPECT_THAT(fixture_.Files(), SizeIs(lives));
    }
    ASSERT_TRUE(spool.Settle(4).ok());
  }
  EXPECT_TRUE(spool.at_own_life());
}

TEST_F(SpoolTest, BeginsAgainBehindWhatTheServerHas) {
  Append(&fixture_.NextLife(1, Small()), 1, 6, 10);
  for (uint64_t has = 0; has <= 6; ++has) {
    SCOPED_TRACE(absl::StrCat("the server has ", has));
    Spool& spool = fixture_.NextLife(10 + has);
    ASSERT_TRUE(spool.Next().ok());
    ASSERT_TRUE(spool.Next().ok());
    spool.Rewind(has);
    EXPECT_EQ(spool.earlier_records(), 60 - 10 * static_cast<int64_t>(has));
    EXPECT_EQ(spool.has_next(), has < 6);
    EXPECT_EQ(spool.has_unsettled(), has < 6);
    EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(6 - has));
    spool.Rewind(0);
    EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(6 - has));
    EXPECT_FALSE(spool.at_own_life());
  }
  Spool& spool = fixture_.NextLife(20);
  spool.Rewind(6);
  ASSERT_TRUE(spool.Settle(0).ok());
  EXPECT_TRUE(spool.at_own_life());
}

TEST_F(SpoolTest, KeepsItsBoundAndDropsTheNewest) {
  SpoolOptions options = fixture_.options();
  options.max_bytes = 4096;
  Spool& spool = fixture_.NextLife(1, options);
  Batch batch = MakeBatch(1, 3);
  batch.lost = Lost(ProducerLoss::kShutDown, 2);
  Spool::Dropped dropped;
  while ((dropped = spool.Append(batch)).stored) ++batch.sequence;
  EXPECT_EQ(dropped.records, 3);
  EXPECT_EQ(dropped.lost.counts, batch.lost.counts);
  EXPECT_TRUE(absl::IsResourceExhausted(dropped.why)) << dropped.why;
  EXPECT_GT(batch.sequence, 10);
  EXPECT_EQ(spool.bytes(), fixture_.FileBytes());
  EXPECT_LE(spool.bytes(), options.max_bytes);
  EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(batch.sequence - 1));
  ASSERT_TRUE(spool.Settle(batch.sequence - 2).ok());
  EXPECT_TRUE(spool.Append(batch).stored) << "there is room again";
}

TEST_F(SpoolTest, KeepsItsBoundAndDropsTheOldest) {
  SpoolOptions options = fixture_.options();
  options.max_bytes = 4096;
  options.when_full = SpoolFull::kDropOldest;
  Append(&fixture_.NextLife(1, options), 1, 5, 3);
  Spool& spool = fixture_.NextLife(2, options);
  int64_t records = 15, dropped_records = 0, lost = 0, dropped_lost = 0;
  for (uint64_t i = 1; i <= 100; ++i) {
    Batch batch = MakeBatch(i, 3);
    batch.lost = Lost(ProducerLoss::kBufferFull, 2);
    const Spool::Dropped dropped = spool.Append(batch);
    ASSERT_TRUE(dropped.stored) << dropped.why;
    records += 3;
    lost += 2;
    dropped_records += dropped.records;
    dropped_lost += dropped.lost.counts[0];
    EXPECT_EQ(dropped.why.ok(), dropped.records == 0);
    ASSERT_LE(spool.bytes(), options.max_bytes);
    ASSERT_EQ(spool.bytes(), fixture_.FileBytes());
    ASSERT_EQ(spool.own_records() + spool.earlier_records(),
              records - dropped_records);
  }
  EXPECT_FALSE(spool.at_own_life());
  EXPECT_FALSE(spool.has_unsettled());
  ASSERT_TRUE(spool.Settle(0).ok());
  ASSERT_TRUE(spool.at_own_life());
  std::vector<uint64_t> left;
  while (spool.has_next()) {
    const auto next = spool.Next();
    ASSERT_TRUE(next.ok() && *next) << next.status();
    left.push_back((*next)->sequence);
    lost -= (*next)->lost.counts[0];
  }
  EXPECT_EQ(lost, dropped_lost);
  ASSERT_GT(left.size(), 10u);
  EXPECT_EQ(left.back(), 100);
  EXPECT_EQ(left.front(), 101 - left.size()) << "only the oldest are dropped";
}

TEST_F(SpoolTest, WhatIsSettledIsNotDroppedAsWell) {
  SpoolOptions options = fixture_.options();
  options.max_bytes = 4096;  // two of these batches a file
  options.when_full = SpoolFull::kDropOldest;
  Spool& spool = fixture_.NextLife(1, options);
  Batch batch = MakeBatch(1, 3);
  batch.lost = Lost(ProducerLoss::kBufferFull, 2);
  ASSERT_TRUE(spool.Append(batch).stored);
  ASSERT_TRUE(spool.Next().ok());
  Spool::Dropped dropped;
  for (batch.sequence = 2; dropped.why.ok(); ++batch.sequence) {
    dropped = spool.Append(batch);
    ASSERT_TRUE(dropped.stored);
    ASSERT_TRUE(spool.Settle(1).ok());
  }
  EXPECT_EQ(dropped.records, 3);
  EXPECT_EQ(dropped.lost.counts[0], 2);
}

TEST_F(SpoolTest, NeverDropsWhatIsUnderWay) {
  SpoolOptions options = fixture_.options();
  options.max_bytes = 2048;
  options.when_full = SpoolFull::kDropOldest;
  Spool& spool = fixture_.NextLife(1, options);
  uint64_t sequence = 0;
  while (spool.bytes() + 300 < options.max_bytes) {
    Append(&spool, sequence + 1, sequence + 1);
    ++sequence;
  }
  EXPECT_THAT(fixture_.ReadAll(&spool), SizeIs(sequence));
  const Spool::Dropped refused =
      spool.Append(MakeBatch(sequence + 1, 4, std::string(300, 'x')));
  EXPECT_FALSE(refused.stored);
  EXPECT_EQ(refused.records, 4);
  EXPECT_EQ(spool.own_records(), static_cast<int64_t>(sequence));
  spool.Rewind(0);
  const Spool::Dropped dropped =
      spool.Append(MakeBatch(sequence + 2, 4, std::string(300, 'x')));
  EXPECT_TRUE(dropped.stored) << dropped.why;
  EXPECT_GT(dropped.records, 0);
}

TEST_F(SpoolTest, DropsNothingForABatchThatNeverFits) {
  SpoolOptions options = fixture_.options();
  options.max_bytes = 2048;
  options.when_full = SpoolFull::kDropOldest;
  Spool& spool = fixture_.NextLife(1, options);
  Append(&spool, 1, 3);
  const auto dropped = spool.Append(MakeBatch(4, 9, std::string(2048, 'x')));
  EXPECT_FALSE(dropped.stored);
  EXPECT_EQ(dropped.records, 9);
  EXPECT_THAT(fixture_.Drain(&spool), SizeIs(3));
}

TEST_F(SpoolTest, IsOneSpoolsAtATime) {
  fixture_.NextLife(1);
  const auto second = Spool::Open(fixture_.options(), {2, ""});
  EXPECT_TRUE(absl::IsAborted(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(absl::StrCat("process ", getpid())));
  fixture_.EndLife();
  EXPECT_TRUE(Spool::Open(fixture_.options(), {2, ""}).ok());
}

TEST_F(SpoolTest, IsOneProcesssUntilItIsKilled) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto spool = Spool::Open(fixture_.options(), {1, ""});
    const bool stored = spool.ok() && (*spool)->Append(MakeBatch(1)).stored;
    if (write(ready[1], stored ? "y" : "n", 1) != 1) _exit(1);
    while (true) pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  const auto refused = Spool::Open(fixture_.options(), {2, ""});
  EXPECT_TRUE(absl::IsAborted(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr(absl::StrCat("process ", child)));
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_THAT(fixture_.Drain(&fixture_.NextLife(2)), ElementsAre("1:1"));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(SpoolTest, RefusesAFolderItCannotUseAndAnEpochThatIsThere) {
  Append(&fixture_.NextLife(1), 1, 1);
  fixture_.EndLife();
  EXPECT_TRUE(absl::IsInvalidArgument(
      Spool::Open(fixture_.options(), {1, ""}).status()));
  std::ofstream(fixture_.PathOf("file")) << "x";
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Spool::Open({.folder = fixture_.PathOf("file")}, {2, ""}).status()));
}

TEST_F(SpoolTest, ANewProducerIdStays) {
  Spool& spool = fixture_.NextLife(1);
  const std::string old = spool.producer_id();
  Append(&spool, 1, 1);
  ASSERT_TRUE(spool.DrawNewProducerId().ok());
  const std::string drawn = spool.producer_id();
  EXPECT_NE(drawn, old);
  EXPECT_EQ(drawn.size(), 16u);
  Spool& next = fixture_.NextLife(2);
  EXPECT_EQ(next.producer_id(), drawn);
  EXPECT_THAT(fixture_.Drain(&next), ElementsAre("1:1"));
}

TEST_F(SpoolTest, TheJournalsReaderReadsIt) {
  Append(&fixture_.NextLife(1, Small()), 1, 3, 2);
  Append(&fixture_.NextLife(2, Small()), 1, 2, 2);
  const auto reader = OpenJournalForReading(
      SystemFiles(), fixture_.PathOf("spool"), EntrySelection::kAll);
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::vector<std::string> entries;
  while (true) {
    const auto entry = (*reader)->Next();
    if (absl::IsOutOfRange(entry.status())) break;
    ASSERT_TRUE(entry.ok()) << entry.status();
    const EntryHeader& header = entry->header;
    entries.push_back(absl::StrCat(header.session_epoch, ":", header.sequence,
                                   "@", header.first_offset));
    EXPECT_EQ(entry->payload,
              std::string(MakeBatch(header.sequence, 2).payload));
    EXPECT_EQ(entry->resource,
              absl::StrCat("resource of ", header.session_epoch));
  }
  EXPECT_THAT(entries,
              ElementsAre("1:1@0", "1:2@2", "1:3@4", "2:1@6", "2:2@8"));
  EXPECT_EQ((*reader)->missing_records(), 0);
}

TEST_F(SpoolTest, ALongBacklogIsReadAboutOnce) {
  constexpr uint64_t kBatches = 100000;
  BadDisk disk;
  SpoolOptions options = fixture_.options();
  options.segment_bytes = int64_t{1} << 20;
  Append(&fixture_.NextLife(1, options), 1, kBatches);
  options.disk = &disk;
  Spool& spool = fixture_.NextLife(2, options);
  const int64_t bytes = spool.bytes();
  EXPECT_LE(disk.bytes_read, bytes * 5 / 4) << "by Open";
  disk.bytes_read = 0;
  for (uint64_t i = 1; i <= kBatches; ++i) {
    const auto next = spool.Next();
    ASSERT_TRUE(next.ok() && *next);
    ASSERT_EQ((*next)->sequence, i);
    ASSERT_EQ(spool.earlier_records(), static_cast<int64_t>(kBatches - i + 1));
    ASSERT_TRUE(spool.Settle(i).ok());
  }
  EXPECT_TRUE(spool.at_own_life());
  EXPECT_LE(disk.bytes_read, bytes * 5 / 2) << "once to send, once to settle";
}

}  // namespace
}  // namespace logboom
