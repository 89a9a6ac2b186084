// Goal: wherever the program or the disk stops, the next life finds every batch
// that Append took and nobody settled, once and in order; what cannot be read
// costs itself only, and is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/checksum.h"
#include "client/spool.h"
#include "proto/wire/journal_entry.h"
#include "tests/client/spool_fixture.h"

namespace logboom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::SizeIs;

// What a life that dies had done, as it knows.
struct Done {
  std::vector<std::string> stored;    // Append said so
  std::vector<std::string> tried;     // Append was called
  std::vector<std::string> finished;  // of lives that were no longer the front
};

SpoolOptions Small(SpoolFixture* fixture) {
  SpoolOptions options = fixture->options();
  options.segment_bytes = 450;  // two batches
  return options;
}

void AppendUntilDead(Spool* spool, const BadDisk& disk, uint64_t first,
                     uint64_t last, Done* done) {
  for (uint64_t i = first; i <= last && !disk.dead(); ++i) {
    const std::string name = absl::StrCat("2:", i);
    done->tried.push_back(name);
    if (spool->Append(MakeBatch(i)).stored) done->stored.push_back(name);
  }
}

// Spools some, sends an earlier life, spools more.
Done RunUntilDead(Spool* spool, const BadDisk& disk) {
  Done done;
  AppendUntilDead(spool, disk, 1, 3, &done);
  SpoolFixture::ReadAll(spool);
  for (uint64_t i = 1; i <= 3 && !disk.dead(); ++i) {
    if (spool->Settle(i).ok() && spool->at_own_life()) {
      done.finished = {"1:1", "1:2", "1:3"};
    }
  }
  AppendUntilDead(spool, disk, 4, 6, &done);
  return done;
}

TEST(SpoolFaultsTest, LosesNothingWhereverTheProgramIsKilled) {
  int64_t changes = 1;
  for (bool died = true; died; ++changes) {
    SCOPED_TRACE(absl::StrCat("killed after ", changes, " changes"));
    SpoolFixture fixture;
    Spool& first = fixture.NextLife(1, Small(&fixture));
    for (uint64_t i = 1; i <= 3; ++i) {
      ASSERT_TRUE(first.Append(MakeBatch(i)).stored);
    }
    fixture.EndLife();
    BadDisk disk;
    SpoolOptions options = Small(&fixture);
    options.disk = &disk;
    disk.changes_until_death = changes;
    Done done;
    {
      const auto second = Spool::Open(options, {2, "r"});
      if (second.ok()) done = RunUntilDead(second->get(), disk);
    }
    died = disk.dead();
    Spool& third = fixture.NextLife(3, Small(&fixture));
    const std::vector<std::string> got = SpoolFixture::Drain(&third);
    EXPECT_THAT(done.stored, IsSubsetOf(got));
    std::vector<std::string> known = done.tried;
    if (done.finished.empty()) {
      known.insert(known.end(), {"1:1", "1:2", "1:3"});
    }
    EXPECT_THAT(got, IsSubsetOf(known));
    EXPECT_EQ(third.TakeDamagedRecords(), 0) << third.TakeProblems();
    EXPECT_THAT(fixture.Files(), IsEmpty());
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(changes, 1000) << "every byte of six batches was a place to die";
}

TEST(SpoolFaultsTest, AFullDiskDropsTheBatchOnly) {
  for (int64_t room = 0; room < 400; ++room) {
    SCOPED_TRACE(absl::StrCat("room for ", room, " bytes"));
    SpoolFixture fixture;
    BadDisk disk;
    SpoolOptions options = Small(&fixture);
    options.disk = &disk;
    Spool& spool = fixture.NextLife(1, options);
    ASSERT_TRUE(spool.Append(MakeBatch(1)).stored);
    disk.bytes_until_full = room;
    std::vector<std::string> stored = {"1:1"};
    for (uint64_t i = 2; i <= 4; ++i) {
      Batch batch = MakeBatch(i, 2);
      batch.lost = Lost(ProducerLoss::kForked, 7);
      const Spool::Dropped dropped = spool.Append(batch);
      if (dropped.stored) stored.push_back(absl::StrCat("1:", i));
      EXPECT_EQ(dropped.records, dropped.stored ? 0 : 2);
      EXPECT_EQ(dropped.lost.counts[4], dropped.stored ? 0 : 7);
      EXPECT_EQ(dropped.why.ok(), dropped.stored);
    }
    disk.bytes_until_full = BadDisk::kNever;
    EXPECT_TRUE(spool.Append(MakeBatch(5)).stored);
    stored.push_back("1:5");
    EXPECT_EQ(spool.bytes(), fixture.FileBytes());
    EXPECT_EQ(SpoolFixture::ReadAll(&spool).size(), stored.size());
    Spool& next = fixture.NextLife(2);
    EXPECT_EQ(SpoolFixture::Drain(&next), stored);
    EXPECT_EQ(next.TakeDamagedRecords(), 0) << next.TakeProblems();
    if (testing::Test::HasFailure()) return;
  }
}

TEST(SpoolFaultsTest, BeginsAnotherFileWhereAWriteCannotBeUndone) {
  SpoolFixture fixture;
  BadDisk disk;
  SpoolOptions options = fixture.options();
  options.disk = &disk;
  Spool& spool = fixture.NextLife(1, options);
  ASSERT_TRUE(spool.Append(MakeBatch(1)).stored);
  disk.bytes_until_full = 50;
  disk.fails_truncate = true;
  EXPECT_FALSE(spool.Append(MakeBatch(2)).stored);
  disk.bytes_until_full = BadDisk::kNever;
  EXPECT_TRUE(spool.Append(MakeBatch(3)).stored);
  EXPECT_THAT(fixture.Files(), SizeIs(2));
  EXPECT_THAT(SpoolFixture::ReadAll(&spool), ElementsAre(1, 3));
  EXPECT_THAT(SpoolFixture::Drain(&fixture.NextLife(2)),
              ElementsAre("1:1", "1:3"));
}

TEST(SpoolFaultsTest, TriesAgainWhereAFileCannotBeOpenedNow) {
  SpoolFixture fixture;
  BadDisk disk;
  SpoolOptions options = fixture.options();
  options.disk = &disk;
  Spool& spool = fixture.NextLife(1, options);
  ASSERT_TRUE(spool.Append(MakeBatch(1)).stored);
  disk.fails_open = true;
  EXPECT_TRUE(absl::IsUnavailable(spool.Next().status()));
  EXPECT_TRUE(spool.has_next());
  disk.fails_open = false;
  EXPECT_THAT(SpoolFixture::ReadAll(&spool), ElementsAre(1));
}

TEST(SpoolFaultsTest, ADamagedByteCostsOneBatchAtMost) {
  SpoolFixture fixture;
  Spool& first = fixture.NextLife(1);
  for (uint64_t i = 1; i <= 4; ++i) {
    ASSERT_TRUE(first.Append(MakeBatch(i, 10)).stored);
  }
  fixture.EndLife();
  ASSERT_THAT(fixture.Files(), SizeIs(1));
  const std::string path = fixture.PathOf("spool/" + fixture.Files()[0]);
  std::ifstream in(path, std::ios::binary);
  const std::string good(std::istreambuf_iterator<char>(in), {});
  // Nothing follows the last header: if it is damaged, nobody knows of it.
  const size_t last = good.rfind("LBen");
  for (size_t at = 0; at < good.size(); ++at) {
    SCOPED_TRACE(absl::StrCat("byte ", at));
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    std::ofstream(path, std::ios::binary) << bad;
    Spool& spool = fixture.NextLife(2);
    const size_t got = SpoolFixture::Drain(&spool).size();
    EXPECT_GE(got, 3u);
    if (at < last || at >= last + 128) {
      EXPECT_EQ(static_cast<int64_t>(got) * 10 + spool.TakeDamagedRecords(),
                40);
    }
    EXPECT_EQ(spool.TakeProblems().empty(), got == 4);
    EXPECT_THAT(fixture.Files(), IsEmpty());
    if (testing::Test::HasFailure()) return;
  }
}

TEST(SpoolFaultsTest, DamageIsFoundWhileTheSpoolIsInUse) {
  SpoolFixture fixture;
  Spool& spool = fixture.NextLife(1);
  for (uint64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(spool.Append(MakeBatch(i, 10)).stored);
  }
  const std::string path = fixture.PathOf("spool/" + fixture.Files()[0]);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 8);
  ASSERT_TRUE(spool.Next().ok());
  ASSERT_TRUE(spool.Next().ok());
  EXPECT_TRUE(absl::IsDataLoss(spool.Next().status()));
  EXPECT_FALSE(spool.has_next());
  EXPECT_TRUE(spool.has_unsettled()) << "two batches are";
  EXPECT_EQ(spool.TakeDamagedRecords(), 10);
  EXPECT_EQ(spool.own_records(), 20);
  EXPECT_FALSE(spool.TakeProblems().empty());
  spool.Rewind(0);
  EXPECT_THAT(SpoolFixture::ReadAll(&spool), ElementsAre(1, 2));
  EXPECT_EQ(spool.TakeDamagedRecords(), 0) << "told once";
  EXPECT_THAT(spool.TakeProblems(), IsEmpty());
  ASSERT_TRUE(spool.Settle(2).ok());
  EXPECT_FALSE(spool.has_unsettled());
  EXPECT_EQ(spool.own_records(), 0);
  EXPECT_THAT(fixture.Files(), IsEmpty());
}

TEST(SpoolFaultsTest, DamageIsTakenOffTheRecordsOnce) {
  SpoolFixture fixture;
  Spool& spool = fixture.NextLife(1);
  ASSERT_TRUE(spool.Append(MakeBatch(1, 10)).stored);
  const int64_t second = spool.bytes();
  for (uint64_t i = 2; i <= 4; ++i) {
    ASSERT_TRUE(spool.Append(MakeBatch(i, 10)).stored);
  }
  std::fstream file(fixture.PathOf("spool/" + fixture.Files()[0]),
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(second + static_cast<int64_t>(kEntryHeaderBytes)) << "xx";
  file.close();
  EXPECT_THAT(SpoolFixture::ReadAll(&spool), ElementsAre(1, 3, 4));
  EXPECT_EQ(spool.own_records(), 30);
  ASSERT_TRUE(spool.Settle(3).ok());
  EXPECT_EQ(spool.own_records(), 10);
}

TEST(SpoolFaultsTest, AFileThatIsGoneIsPassedOver) {
  SpoolFixture fixture;
  Spool& first = fixture.NextLife(1, Small(&fixture));
  for (uint64_t i = 1; i <= 4; ++i) {
    ASSERT_TRUE(first.Append(MakeBatch(i, 2)).stored);
  }
  Spool& spool = fixture.NextLife(2, Small(&fixture));
  ASSERT_THAT(fixture.Files(), SizeIs(2));
  std::filesystem::remove(fixture.PathOf("spool/" + fixture.Files()[0]));
  EXPECT_THAT(SpoolFixture::Drain(&spool), ElementsAre("1:3", "1:4"));
  EXPECT_EQ(spool.TakeDamagedRecords(), 4);
}

TEST(SpoolFaultsTest, ALifeThatIsAllDamageIsPassed) {
  SpoolFixture fixture;
  ASSERT_TRUE(fixture.NextLife(1).Append(MakeBatch(1, 10)).stored);
  fixture.EndLife();
  const std::string path = fixture.PathOf("spool/" + fixture.Files()[0]);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(kFirstEntryByte + static_cast<int64_t>(kEntryHeaderBytes)) << "xx";
  file.close();
  Spool& spool = fixture.NextLife(2);
  EXPECT_TRUE(spool.has_next());
  EXPECT_TRUE(absl::IsDataLoss(spool.Next().status()));
  EXPECT_FALSE(spool.has_unsettled());
  EXPECT_FALSE(spool.at_own_life());
  ASSERT_TRUE(spool.Settle(0).ok());
  EXPECT_TRUE(spool.at_own_life());
  EXPECT_EQ(spool.TakeDamagedRecords(), 10);
}

TEST(SpoolFaultsTest, TheIdentityIsFoundInTheFilesWhenItIsLost) {
  SpoolFixture fixture;
  Spool& first = fixture.NextLife(1);
  const std::string producer_id = first.producer_id();
  ASSERT_TRUE(first.Append(MakeBatch(1)).stored);
  fixture.EndLife();
  const std::string path = fixture.PathOf("spool/IDENTITY");
  std::filesystem::remove(path);
  EXPECT_EQ(fixture.NextLife(2).producer_id(), producer_id);
  EXPECT_TRUE(std::filesystem::exists(path)) << "written again";
  fixture.EndLife();
  std::ofstream(path, std::ios::binary) << "LBspool\x01 is not an identity";
  Spool& third = fixture.NextLife(3);
  EXPECT_EQ(third.producer_id(), producer_id);
  EXPECT_FALSE(third.TakeProblems().empty());
  EXPECT_THAT(SpoolFixture::Drain(&third), ElementsAre("1:1"));
}

TEST(SpoolFaultsTest, AnIdentityThatCannotBeStoredIsStoredLater) {
  SpoolFixture fixture;
  BadDisk disk;
  SpoolOptions options = fixture.options();
  options.disk = &disk;
  Spool& spool = fixture.NextLife(1, options);
  disk.fails_rename = true;
  EXPECT_FALSE(spool.DrawNewProducerId().ok());
  const std::string producer_id = spool.producer_id();
  disk.fails_rename = false;
  ASSERT_TRUE(spool.Append(MakeBatch(1)).stored);
  EXPECT_EQ(fixture.NextLife(2).producer_id(), producer_id);
}

TEST(SpoolFaultsTest, AFileOfANewerFormatIsLeftAlone) {
  SpoolFixture fixture;
  ASSERT_TRUE(fixture.NextLife(1).Append(MakeBatch(1)).stored);
  fixture.EndLife();
  const std::string path = fixture.PathOf("spool/" + fixture.Files()[0]);
  SegmentHeader header;
  auto bytes = EncodeSegmentHeader(header);
  bytes[7] = bytes[64 + 7] = 2;
  // The version is under the checksum: both copies are encoded for it.
  const uint64_t checksum = Checksum(absl::string_view(bytes.data(), 56));
  for (const size_t copy : {0, 64}) {
    std::copy_n(reinterpret_cast<const char*>(&checksum), 8,
                bytes.data() + copy + 56);
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.write(bytes.data(), bytes.size());
  file.close();
  const auto spool = Spool::Open(fixture.options(), {2, ""});
  EXPECT_TRUE(absl::IsFailedPrecondition(spool.status())) << spool.status();
  EXPECT_THAT(fixture.Files(), SizeIs(1));
}

}  // namespace
}  // namespace logboom
