#include "server/journal/segment_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "tests/server/journal/segment_image.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/memory_file.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Goal: the bytes are those FORMAT.md shows, to the last one. Method: its
// worked example, whose checksums were computed outside this program.
TEST(SegmentWriterTest, WritesTheWorkedExampleOfTheFormat) {
  const absl::Time time = absl::FromUnixSeconds(1700000000);
  PendingEntry entry = EntryOf(
      "\x0a\x09\x2a\x04\x0a\x02hi\x7a\x01"
      "a");
  entry.received = time;
  entry.severities = 1;

  TempFolder folder;
  const auto writer = SegmentWriter::Create(
      SystemFiles(), folder.path(),
      {.journal_id = kTestJournal,
       .number = 1,
       .created_unix_nano = static_cast<uint64_t>(absl::ToUnixNanos(time))},
      /*size_bytes=*/512);
  ASSERT_TRUE(writer.ok()) << writer.status();
  (*writer)->Stage(entry, 0);
  ASSERT_TRUE((*writer)->Write().ok());

  const auto file = SystemFiles()->Open(
      folder.PathOf("00000000000000000000-0000000001.segment"),
      FileSystem::Mode::kRead);
  ASSERT_TRUE(file.ok()) << file.status();
  std::string bytes(1024, 'x');
  const auto size = (*file)->ReadAt(0, absl::MakeSpan(bytes.data(), 1024));
  ASSERT_EQ(size.value(), 512u);
  const std::string segment_header =
      "4c4f47424f4f4d01"
      "000102030405060708090a0b0c0d0e0f"
      "0100000000000000"
      "0000000000000000"
      "00002a36fe9c9717"
      "0000000000000000"
      "74b9df6b02a47f3d";
  EXPECT_EQ(absl::BytesToHexString(bytes.substr(0, 128)),
            segment_header + segment_header);
  EXPECT_EQ(absl::BytesToHexString(bytes.substr(128, 144)),
            "4c42656e15786256"
            "01018000"
            "000000000b000000"
            "0000000001000000"
            "01000000"
            "0000000000000000"
            "00002a36fe9c9717"
            "00000000000000000000000000000000"
            "0000000000000000"
            "0000000000000000"
            "0000000000000000"
            "0000000000000000"
            "9c1378a8dc78320a"
            "8000000000000000"
            "00000000000000000000000000000000"
            "0a09"
            "2a040a026869"
            "7a0161"
            "0000000000");
  EXPECT_EQ(bytes.substr(272, 240), std::string(240, '\0'));
}

TEST(SegmentWriterTest, WritesAllPartsAndFieldsOfAnEntry) {
  PendingEntry entry;
  entry.kind = EntryKind::kOtlp;
  entry.producer_id = {9, 8, 7};
  entry.session_epoch = 11;
  entry.sequence = 12;
  entry.received = absl::FromUnixNanos(13);
  entry.record_count = 14;
  entry.severities = 15;
  entry.min_time_unix_nano = 16;
  entry.max_time_unix_nano = 17;
  entry.resource = absl::Cord("resource");
  entry.payload = absl::Cord("pay");
  entry.payload.Append(absl::MakeCordFromExternal("load", [] {}));
  entry.ledger = absl::Cord("ledger");

  const SegmentImage image = MakeSegmentOf(std::vector<PendingEntry>{entry});
  SegmentReader reader(std::make_unique<MemoryFile>(image.bytes), kTestJournal);
  const auto item = reader.Next(image.entries_end());
  ASSERT_TRUE(item.ok());
  const auto& read = std::get<JournalEntry>(*item);
  EXPECT_EQ(read.resource, "resource");
  EXPECT_EQ(read.payload, "payload");
  EXPECT_EQ(read.ledger, "ledger");
  EXPECT_EQ(read.header.kind, EntryKind::kOtlp);
  EXPECT_FALSE(read.header.anonymous);
  EXPECT_EQ(read.header.producer_id, entry.producer_id);
  EXPECT_EQ(read.header.session_epoch, 11u);
  EXPECT_EQ(read.header.sequence, 12u);
  EXPECT_EQ(read.header.received_unix_nano, 13u);
  EXPECT_EQ(read.header.record_count, 14u);
  EXPECT_EQ(read.header.severities, 15u);
  EXPECT_EQ(read.header.min_time_unix_nano, 16u);
  EXPECT_EQ(read.header.max_time_unix_nano, 17u);
}

// Cords of many chunks need more pieces than one system call takes.
TEST(SegmentWriterTest, APayloadOfThousandsOfChunksIsWhole) {
  std::string expected;
  PendingEntry entry = EntryOf("");
  for (int i = 0; i < 5000; ++i) {
    static const std::string* const chunk = new std::string(5, 'z');
    entry.payload.Append(absl::MakeCordFromExternal(*chunk, [] {}));
    expected += *chunk;
  }
  TempFolder folder;
  const auto writer =
      SegmentWriter::Create(SystemFiles(), folder.path(),
                            {.journal_id = kTestJournal, .number = 1}, 1 << 20);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const PendingEntry before = EntryOf("before");
  const PendingEntry after = EntryOf("after");
  (*writer)->Stage(before, 0);
  (*writer)->Stage(entry, 1);
  (*writer)->Stage(after, 2);
  ASSERT_TRUE((*writer)->Write().ok());

  const auto file = SystemFiles()->Open((*writer)->name().PathIn(folder.path()),
                                        FileSystem::Mode::kRead);
  std::string bytes(1 << 20, 'x');
  ASSERT_EQ(
      (*file)->ReadAt(0, absl::MakeSpan(bytes.data(), bytes.size())).value(),
      bytes.size());
  EXPECT_THAT(ReadSegment(bytes).payloads,
              ElementsAre("before", expected, "after"));
}

TEST(SegmentWriterTest, HasRoomUpToTheLastByte) {
  TempFolder folder;
  const PendingEntry entry = EntryOf("x");
  const int64_t entry_bytes = SegmentWriter::BytesOf(entry);
  const auto writer = SegmentWriter::Create(
      SystemFiles(), folder.path(), {.journal_id = kTestJournal, .number = 1},
      kFirstEntryByte + 2 * entry_bytes);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_TRUE((*writer)->HasRoom(2 * entry_bytes));
  EXPECT_FALSE((*writer)->HasRoom(2 * entry_bytes + 1));
  (*writer)->Stage(entry, 0);
  EXPECT_TRUE((*writer)->HasRoom(entry_bytes));
  EXPECT_FALSE((*writer)->HasRoom(entry_bytes + 1));
}

TEST(SegmentWriterTest, ASegmentThatCouldNotBeBegunIsRemoved) {
  using Call = FaultyFileSystem::Call;
  for (const Call call : {Call::kAllocate, Call::kWrite, Call::kSync}) {
    TempFolder folder;
    FaultyFileSystem files;
    files.Fail(call, absl::ResourceExhaustedError("disk full"));
    const auto writer = SegmentWriter::Create(
        &files, folder.path(), {.journal_id = kTestJournal, .number = 1}, 4096);
    EXPECT_EQ(writer.status().code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(files.List(folder.path()).value(), IsEmpty());
  }
}

TEST(SegmentWriterTest, ASealedFileEndsWithItsLastSyncedEntry) {
  TempFolder folder;
  FaultyFileSystem files;
  const auto writer = SegmentWriter::Create(
      &files, folder.path(), {.journal_id = kTestJournal, .number = 1}, 4096);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const PendingEntry synced = EntryOf("synced");
  const PendingEntry lost = EntryOf("not synced");
  (*writer)->Stage(synced, 0);
  ASSERT_TRUE((*writer)->Write().ok());
  ASSERT_TRUE((*writer)->Sync().ok());
  (*writer)->Stage(lost, 1);
  ASSERT_TRUE((*writer)->Write().ok());
  files.Fail(FaultyFileSystem::Call::kSync, absl::UnknownError("I/O error"));
  ASSERT_FALSE((*writer)->Sync().ok());
  ASSERT_TRUE((*writer)->Seal().ok());

  const auto file = SystemFiles()->Open((*writer)->name().PathIn(folder.path()),
                                        FileSystem::Mode::kRead);
  std::string bytes(4096, 'x');
  const size_t size =
      (*file)->ReadAt(0, absl::MakeSpan(bytes.data(), bytes.size())).value();
  EXPECT_EQ(static_cast<int64_t>(size), (*writer)->synced_end());
  bytes.resize(size);
  EXPECT_THAT(ReadSegment(bytes).payloads, ElementsAre("synced"));
}

}  // namespace
}  // namespace logboom
