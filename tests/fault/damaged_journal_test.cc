// A server over a damaged journal: it starts, says what is wrong, loses only
// what was damaged, and gives out no offset that a handler has read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/journal/journal.h"
#include "server/journal/segment_name.h"
#include "tests/testing/power_cut_file_system.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Mode = FileSystem::Mode;

constexpr Offset kRecords = 9;  // one an entry, three a segment
constexpr int64_t kEntryBytes = 128 + 8;
constexpr int64_t kSnapshotBytes = 176;  // of one producer; of none:
constexpr int64_t kEmptySnapshotBytes = 136;
const ProducerId kProducer = {1, 2, 3};
constexpr uint64_t kEpoch = 7;

// What a server found and did.
struct Outcome {
  std::vector<Offset> offsets;  // of the records a reader returned
  int64_t missing = 0;
  Offset head = 0;
  uint64_t last_sequence = 0;
  Offset appended = 0;  // the next record's offset
  std::string said;
};

class DamagedJournalTest : public ::testing::Test {
 protected:
  // Three segments of one producer's records, the nth with sequence n + 1, all
  // of which a handler has read; of which the server was killed.
  void SetUp() override {
    auto journal = OpenJournal(&good_);
    ASSERT_NE(journal, nullptr);
    for (Offset i = 0; i < kRecords; ++i) {
      ASSERT_EQ(Append(journal.get(), i + 1), i);
    }
    auto cursor = journal->OpenCursor("audit");
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    CursorPosition position;
    position.offset = position.counts.handled = kRecords;
    ASSERT_TRUE((*cursor)->Store(position).ok());
    cursor->reset();
    good_.StopAfter(0);
    journal.reset();
    NewWorld();
    segments_ = ListSegments(world_.get(), "journal").value();
    ASSERT_EQ(segments_.size(), 3u);
  }

  // An undamaged copy to spoil.
  void NewWorld() { world_ = good_.Kill(0); }

  static std::unique_ptr<Journal> OpenJournal(FileSystem* files) {
    auto journal = Journal::Open(
        files,
        {.path = "journal",
         .segment_bytes = kFirstEntryByte + kSnapshotBytes + 3 * kEntryBytes});
    EXPECT_TRUE(journal.ok()) << journal.status();
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  static Offset Append(Journal* journal, uint64_t sequence) {
    PendingEntry entry;
    entry.producer_id = kProducer;
    entry.session_epoch = kEpoch;
    entry.sequence = sequence;
    entry.received = absl::Now();
    entry.record_count = 1;
    entry.payload = absl::Cord(absl::StrFormat("%08d", sequence));
    absl::StatusOr<Offset> offset;
    journal->Append(std::move(entry), AckDepth::kSynced,
                    [&](absl::StatusOr<Offset> answer) { offset = answer; });
    FindLastSequence(journal);  // answered behind it
    EXPECT_TRUE(offset.ok()) << offset.status();
    return offset.value_or(0);
  }
  static uint64_t FindLastSequence(Journal* journal) {
    Mutex mu;
    CondVar changed;
    std::optional<absl::StatusOr<uint64_t>> last;
    journal->FindLastSequence(kProducer, kEpoch,
                              [&](absl::StatusOr<uint64_t> found) {
                                MutexLock lock(&mu);
                                last = std::move(found);
                                changed.NotifyAll();
                              });
    MutexLock lock(&mu);
    while (!last) changed.Wait(&mu);
    EXPECT_TRUE(last->ok()) << last->status();
    return last->value_or(0);
  }

  std::string BytesOf(const std::string& path) {
    const auto file = world_->Open(path, Mode::kRead).value();
    std::string bytes(static_cast<size_t>(file->Size().value()), '\0');
    EXPECT_TRUE(
        file->ReadAt(0, absl::MakeSpan(bytes.data(), bytes.size())).ok());
    return bytes;
  }
  void Overwrite(const std::string& path, size_t at, absl::string_view bytes) {
    const auto file = world_->Open(path, Mode::kReadWrite).value();
    ASSERT_TRUE(file->WriteAt(static_cast<int64_t>(at), {bytes}).ok());
  }
  void Truncate(const std::string& path, size_t size) {
    const auto file = world_->Open(path, Mode::kReadWrite).value();
    ASSERT_TRUE(file->Truncate(static_cast<int64_t>(size)).ok());
  }
  // Where the first record of a segment is, and the record at a byte of it.
  static size_t FirstByte(size_t segment) {
    return static_cast<size_t>(kFirstEntryByte + (segment == 0
                                                      ? kEmptySnapshotBytes
                                                      : kSnapshotBytes));
  }
  static std::optional<Offset> RecordAt(size_t segment, size_t byte) {
    if (byte < FirstByte(segment)) return std::nullopt;
    const Offset entry = (byte - FirstByte(segment)) / kEntryBytes;
    if (entry >= 3) return std::nullopt;
    return segment * 3 + entry;
  }
  std::string PathOf(size_t segment) const {
    return segments_[segment].PathIn("journal");
  }

  // Starts a server over the spoilt world, and another one behind it: what the
  // first one found the second one finds too.
  Outcome Serve() {
    testing::internal::CaptureStderr();
    Outcome outcome;
    if (auto journal = OpenJournal(world_.get())) {
      outcome = Read(journal.get());
      outcome.appended = Append(journal.get(), 100);
    }
    outcome.said = testing::internal::GetCapturedStderr();
    testing::internal::CaptureStderr();
    if (auto journal = OpenJournal(world_.get())) {
      const Outcome second = Read(journal.get());
      std::vector<Offset> expected = outcome.offsets;
      expected.push_back(outcome.appended);
      EXPECT_EQ(second.offsets, expected);
      EXPECT_EQ(second.missing, outcome.missing);
      EXPECT_EQ(second.last_sequence, 100u);
    }
    testing::internal::GetCapturedStderr();
    return outcome;
  }
  static Outcome Read(Journal* journal) {
    Outcome outcome;
    outcome.head = journal->synced_head();
    outcome.last_sequence = FindLastSequence(journal);
    const auto reader = journal->NewReader(0);
    while (true) {
      const auto entry = reader->Next();
      if (!entry.ok()) break;
      outcome.offsets.push_back(entry->header.first_offset);
      const uint64_t sequence = entry->header.sequence;
      EXPECT_EQ(entry->payload, absl::StrFormat("%08d", sequence));
      EXPECT_EQ(sequence == 100 ? 0 : sequence - outcome.offsets.back(),
                sequence == 100 ? 0 : 1);
    }
    outcome.missing = reader->missing_records();
    return outcome;
  }

  // All records but those from `first_lost` on, `count` of them; these are
  // counted, and no offset is given out again.
  static void ExpectLost(const Outcome& outcome, Offset first_lost,
                         Offset count) {
    std::vector<Offset> expected;
    for (Offset i = 0; i < kRecords; ++i) {
      if (i < first_lost || i >= first_lost + count) expected.push_back(i);
    }
    EXPECT_EQ(outcome.offsets, expected);
    EXPECT_EQ(outcome.missing, static_cast<int64_t>(count));
    EXPECT_EQ(outcome.head, kRecords);
    EXPECT_EQ(outcome.appended, kRecords);
    const bool lost_last =
        first_lost < kRecords && first_lost + count >= kRecords;
    EXPECT_EQ(outcome.last_sequence, lost_last ? first_lost : kRecords);
    EXPECT_THAT(outcome.said,
                HasSubstr(count > 0 ? "records are missing" : ""));
  }

  PowerCutFileSystem good_;
  std::unique_ptr<PowerCutFileSystem> world_;
  std::vector<SegmentName> segments_;
};

TEST_F(DamagedJournalTest, AFlippedByteCostsItsEntry) {
  for (size_t segment = 0; segment < segments_.size(); ++segment) {
    const std::string bytes = BytesOf(PathOf(segment));
    for (size_t at = 0; at < bytes.size(); ++at) {
      SCOPED_TRACE(absl::StrCat("segment ", segment, " byte ", at));
      NewWorld();
      const char flipped = static_cast<char>(bytes[at] ^ 0x20);
      Overwrite(PathOf(segment), at, {&flipped, 1});
      const std::optional<Offset> lost = RecordAt(segment, at);
      ExpectLost(Serve(), lost.value_or(0), lost ? 1 : 0);
      if (HasFailure()) return;
    }
  }
}

TEST_F(DamagedJournalTest, ATruncatedSegmentKeepsWhatIsBeforeTheCut) {
  for (size_t segment = 0; segment < segments_.size(); ++segment) {
    const size_t size = BytesOf(PathOf(segment)).size();
    for (size_t cut = 0; cut < size; ++cut) {
      SCOPED_TRACE(absl::StrCat("segment ", segment, " cut at ", cut));
      NewWorld();
      Truncate(PathOf(segment), cut);
      const Offset begin = segment * 3;
      const Offset first_lost =
          cut < FirstByte(segment) ? begin
                                   : RecordAt(segment, cut).value_or(begin + 3);
      ExpectLost(Serve(), first_lost, begin + 3 - first_lost);
      if (HasFailure()) return;
    }
  }
}

TEST_F(DamagedJournalTest, AMissingSegmentIsCounted) {
  ASSERT_TRUE(world_->Remove(PathOf(1)).ok());
  ExpectLost(Serve(), 3, 3);
}

TEST_F(DamagedJournalTest, AMissingNewestSegmentIsCounted) {
  ASSERT_TRUE(world_->Remove(PathOf(2)).ok());
  ExpectLost(Serve(), 6, 3);
}

TEST_F(DamagedJournalTest, AMissingOldestSegmentIsTakenForDeleted) {
  ASSERT_TRUE(world_->Remove(PathOf(0)).ok());
  const Outcome outcome = Serve();
  EXPECT_THAT(outcome.offsets, ElementsAre(3, 4, 5, 6, 7, 8));
  EXPECT_EQ(outcome.missing, 0);
  EXPECT_EQ(outcome.appended, kRecords);
  EXPECT_EQ(outcome.last_sequence, kRecords);
}

TEST_F(DamagedJournalTest, WithoutAnySegmentItGoesOnAtTheCursor) {
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(world_->Remove(PathOf(i)).ok());
  }
  EXPECT_EQ(Serve().appended, kRecords);
}

TEST_F(DamagedJournalTest, WithoutAnyHeaderTheCursorTellsWhoseEntriesTheyAre) {
  for (size_t i = 0; i < 3; ++i) {
    Overwrite(PathOf(i), 0, std::string(size_t{kFirstEntryByte}, '\0'));
  }
  const Outcome outcome = Serve();
  ExpectLost(outcome, 0, 0);
  for (const SegmentName& segment : segments_) {
    EXPECT_THAT(outcome.said, HasSubstr(segment.FileName()));
  }
}

TEST_F(DamagedJournalTest, WithoutHeaderAndCursorItGoesOnBehindAllNames) {
  for (size_t i = 0; i < 3; ++i) {
    Overwrite(PathOf(i), 0, std::string(size_t{kFirstEntryByte}, '\0'));
  }
  ASSERT_TRUE(world_->Remove("journal/cursors/audit.cursor").ok());
  const Outcome outcome = Serve();
  EXPECT_THAT(outcome.offsets, ElementsAre());
  EXPECT_GE(outcome.appended, segments_.back().first_offset);
}

TEST_F(DamagedJournalTest, ACursorFileOfZerosIsReportedAndNotUsed) {
  const std::string path = "journal/cursors/audit.cursor";
  const size_t size = BytesOf(path).size();
  Overwrite(path, 0, std::string(size, '\0'));
  testing::internal::CaptureStderr();
  {
    const auto journal = OpenJournal(world_.get());
    ASSERT_NE(journal, nullptr);
    EXPECT_FALSE((*journal->OpenCursor("audit"))->stored().has_value());
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(path));
  EXPECT_EQ(Serve().appended, kRecords) << "all segments are there";
}

// Goal: a cursor's damage never stops a start nor moves it anywhere but back
// to what was stored. Method: each byte of its file flipped.
TEST_F(DamagedJournalTest, AFlippedByteOfACursorLeavesItOrLosesIt) {
  const std::string path = "journal/cursors/audit.cursor";
  const std::string bytes = BytesOf(path);
  testing::internal::CaptureStderr();
  for (size_t at = 0; at < bytes.size(); ++at) {
    SCOPED_TRACE(at);
    NewWorld();
    const char flipped = static_cast<char>(bytes[at] ^ 0x20);
    Overwrite(path, at, {&flipped, 1});
    const auto journal = OpenJournal(world_.get());
    ASSERT_NE(journal, nullptr);
    const auto cursor = journal->OpenCursor("audit");
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    const auto& stored = (*cursor)->stored();
    ASSERT_EQ(stored ? stored->offset : kRecords, kRecords);
  }
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace logboom
