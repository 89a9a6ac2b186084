// What a server must make of what the one before left: one test for each way in
// which a restart at a bad moment lost or doubled something.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/mutex.h"
#include "server/journal/journal.h"
#include "server/journal/segment_name.h"
#include "tests/testing/power_cut_file_system.h"
#include "tests/testing/survival.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using Call = PowerCutFileSystem::Call;
using Mode = FileSystem::Mode;

// What `everything_of` says survives as a whole, of the rest nothing.
class SurvivalOfSome final : public Survival {
 public:
  using Choice = std::function<bool(absl::string_view path)>;
  explicit SurvivalOfSome(Choice everything_of)
      : everything_of_(std::move(everything_of)) {}
  std::vector<SurvivingPart> OfFile(
      absl::string_view path,
      const std::vector<DiskOperation>& unsynced) override {
    if (!everything_of_(path)) return {};
    return EverythingSurvives().OfFile(path, unsynced);
  }
  size_t OfName(absl::string_view path, size_t changes) override {
    return everything_of_(path) ? changes : 0;
  }

 private:
  const Choice everything_of_;
};

class RestartTest : public ::testing::Test {
 protected:
  void SetUp() override { testing::internal::CaptureStderr(); }
  void TearDown() override {
    journal_.reset();
    testing::internal::GetCapturedStderr();
  }

  // A server whose disk keeps all segments, or the newest alone.
  void Open(bool keep_old_segments = true) {
    JournalOptions options{.path = "journal", .segment_bytes = segment_bytes_};
    if (!keep_old_segments) {
      options.retain_bytes = 1;
      options.max_bytes = int64_t{1} << 30;
    }
    auto journal = Journal::Open(disk_.get(), options);
    ASSERT_TRUE(journal.ok()) << journal.status();
    journal_ = *std::move(journal);
  }
  // The server ends where it is; the next one starts over what is left.
  void KillAndOpen() {
    if (!disk_->stopped()) disk_->StopAfter(0);
    journal_.reset();
    disk_ = disk_->Kill(0);
    Open();
  }
  void CutPower(Survival* survival) {
    if (!disk_->stopped()) disk_->StopAfter(0);
    journal_.reset();
    disk_ = disk_->PowerCut(survival);
  }

  // What happens at a call on a file whose path ends so. Status: it fails.
  using Reaction = std::function<absl::Status()>;
  void At(Call call, std::string path_end, int nth, Reaction reaction) {
    disk_->SetFault([=, count = 0](Call now, absl::string_view path) mutable {
      const bool meant = now == call && absl::EndsWith(path, path_end);
      return meant && ++count == nth ? reaction() : absl::OkStatus();
    });
  }
  // The world stops at that call.
  void StopAt(Call call, const std::string& path_end, int nth) {
    At(call, path_end, nth, [this] {
      disk_->StopAfter(0);
      return absl::OkStatus();
    });
  }
  // The file's next sync fails, and so does cutting it.
  void FailSyncAndCut(const std::string& path_end) {
    disk_->SetFault([path_end](Call call, absl::string_view path) {
      const bool fails = (call == Call::kSync || call == Call::kTruncate) &&
                         absl::EndsWith(path, path_end);
      return fails ? absl::ErrnoToStatus(EIO, path) : absl::OkStatus();
    });
  }

  static PendingEntry Record(absl::string_view text, uint64_t sequence = 0) {
    PendingEntry entry;
    entry.anonymous = sequence == 0;
    entry.producer_id[0] = sequence == 0 ? 0 : 1;
    entry.sequence = sequence;
    entry.received = absl::Now();
    entry.record_count = 1;
    entry.payload = absl::Cord(text);
    return entry;
  }
  // One that needs a segment of its own.
  static PendingEntry BigRecord(const std::string& text) {
    return Record(text + std::string(3600, ' '));
  }
  static PendingEntry RejectedBatch(uint64_t sequence) {
    PendingEntry entry = Record("", sequence);
    entry.kind = EntryKind::kNotice;
    entry.record_count = 0;
    LedgerCounts counts;
    counts.Add(LossReasonName(LossReason::kBatchRejected), 1);
    entry.ledger = absl::Cord(counts.Encode());
    return entry;
  }
  // Appends it and waits for the answer.
  absl::StatusOr<Offset> Append(PendingEntry entry) {
    absl::StatusOr<Offset> result;
    Await([&](auto done) {
      journal_->Append(std::move(entry), AckDepth::kSynced,
                       [&result, done](absl::StatusOr<Offset> answer) {
                         result = std::move(answer);
                         done();
                       });
    });
    return result;
  }
  // Again and again while the journal is busy with a failure.
  Offset AppendUntilStored(const PendingEntry& entry) {
    while (true) {
      const auto offset = Append(entry);
      if (!absl::IsUnavailable(offset.status())) return offset.value();
    }
  }
  void AppendUntilStopped(const PendingEntry& entry) {
    while (!disk_->stopped()) EXPECT_FALSE(Append(entry).ok());
  }
  uint64_t LastSequence(uint8_t producer = 1) {
    absl::StatusOr<uint64_t> result;
    Await([&](auto done) {
      ProducerId id{};
      id[0] = producer;
      journal_->FindLastSequence(
          id, /*epoch=*/0, [&result, done](absl::StatusOr<uint64_t> last) {
            result = std::move(last);
            done();
          });
    });
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(0);
  }
  // What the journal's thread does behind a group is over.
  void AwaitChores() {
    LastSequence();
    LastSequence();
  }
  // Calls `start` with a function and returns when that was called.
  template <typename Start>
  static void Await(Start start) {
    Mutex mu;
    CondVar changed;
    bool over = false;
    start([&] {
      MutexLock lock(&mu);
      over = true;
      changed.NotifyAll();
    });
    MutexLock lock(&mu);
    while (!over) changed.Wait(&mu);
  }

  // The records' texts from the oldest on, with their offsets: "0:a".
  std::vector<std::string> Contents() {
    std::vector<std::string> texts;
    const auto reader = journal_->NewReader(0);
    while (true) {
      const auto entry = reader->Next();
      if (!entry.ok()) break;
      const absl::string_view text = entry->payload;
      texts.push_back(absl::StrCat(entry->header.first_offset, ":",
                                   text.substr(0, text.find(' '))));
    }
    EXPECT_EQ(reader->missing_records(), 0);
    return texts;
  }

  int64_t segment_bytes_ = 4096;
  std::unique_ptr<PowerCutFileSystem> disk_ =
      std::make_unique<PowerCutFileSystem>();
  std::unique_ptr<Journal> journal_;
  NothingSurvives nothing_;
};

// The server was killed between creating a segment and making its name durable.
// The next one went on with it: the first power cut took the file and all that
// had been acknowledged.
TEST_F(RestartTest, MakesTheNameOfTheNewestSegmentDurable) {
  Open();
  StopAt(Call::kSyncFolder, "journal", 1);
  EXPECT_FALSE(Append(Record("refused")).ok());
  KillAndOpen();
  ASSERT_EQ(Append(Record("a")).value(), 0u);
  CutPower(&nothing_);
  Open();
  EXPECT_THAT(Contents(), ElementsAre("0:a"));
}

// A segment with entries but no records has the same first offset as its
// successor, which was taken to replace it.
TEST_F(RestartTest, CountsWhatASegmentWithoutRecordsSays) {
  Open();
  ASSERT_TRUE(Append(RejectedBatch(1)).ok());
  StopAt(Call::kWrite, "0000000002.segment", 2);  // of the snapshot
  EXPECT_FALSE(Append(BigRecord("refused")).ok());
  CutPower(&nothing_);
  Open();
  EXPECT_EQ(LastSequence(), 1u);
  EXPECT_EQ(journal_->ledger().count(LossReason::kBatchRejected), 1);
}

// Retention had deleted two segments; the power cut brought the older one back,
// and what lay between was reported as lost.
TEST_F(RestartTest, DeletesOldSegmentsInTheirOrder) {
  Open();
  for (const char* text : {"a", "b", "c"}) {
    ASSERT_TRUE(Append(BigRecord(text)).ok());
  }
  journal_.reset();
  Open(/*keep_old_segments=*/false);
  AwaitChores();
  EXPECT_THAT(Contents(), ElementsAre("2:c"));
  SurvivalOfSome all_but_the_first([](absl::string_view path) {
    return !absl::EndsWith(path, "0000000001.segment");
  });
  CutPower(&all_but_the_first);
  Open();
  EXPECT_THAT(Contents(), ElementsAre("2:c"));
}

// One old segment could not be deleted, the ones behind it were: a hole.
TEST_F(RestartTest, DeletesNothingBehindASegmentThatCannotBeDeleted) {
  Open();
  for (const char* text : {"a", "b", "c"}) {
    ASSERT_TRUE(Append(BigRecord(text)).ok());
  }
  journal_.reset();
  At(Call::kRemove, "0000000001.segment", 1,
     [] { return absl::ErrnoToStatus(EIO, "removing"); });
  Open(/*keep_old_segments=*/false);
  AwaitChores();
  journal_.reset();
  Open();
  EXPECT_THAT(Contents(), ElementsAre("0:a", "1:b", "2:c"));
}

// A server was killed while it stored a cursor. The next one read it, deleted
// what lay before it, and then the power cut took it back.
TEST_F(RestartTest, DeletesNothingBeforeACursorThatIsNotDurable) {
  Open();
  for (const char* text : {"a", "b", "c"}) {
    ASSERT_TRUE(Append(BigRecord(text)).ok());
  }
  {
    const auto cursor = journal_->OpenCursor("audit").value();
    CursorPosition position;
    position.offset = position.counts.handled = 1;
    ASSERT_TRUE(cursor->Store(position).ok());
    StopAt(Call::kSync, "audit.cursor", 1);
    position.offset = position.counts.handled = 3;
    ASSERT_FALSE(cursor->Store(position).ok());
  }
  journal_.reset();
  disk_ = disk_->Kill(0);
  Open(/*keep_old_segments=*/false);
  AwaitChores();
  CutPower(&nothing_);
  Open();
  const auto cursor = journal_->OpenCursor("audit").value();
  ASSERT_TRUE(cursor->stored().has_value());
  EXPECT_LE(journal_->NewReader(0)->offset(), cursor->stored()->offset);
}

// A power cut took the snapshot of a segment just begun. It was gone on with,
// retention deleted the one before, and with it every producer's sequence.
TEST_F(RestartTest, KeepsTheProducersOfASegmentWhoseSnapshotWasTorn) {
  Open();
  ASSERT_TRUE(Append(Record("a", 1)).ok());
  StopAt(Call::kWrite, "0000000002.segment", 2);  // of the snapshot
  EXPECT_FALSE(Append(BigRecord("refused")).ok());
  CutPower(&nothing_);
  Open(/*keep_old_segments=*/false);
  ASSERT_TRUE(Append(Record("b")).ok());
  AwaitChores();
  KillAndOpen();
  EXPECT_EQ(LastSequence(), 1u);
}

// The same while nothing is appended: retention at the start alone.
TEST_F(RestartTest, KeepsTheProducersUntilASnapshotHasThem) {
  Open();
  ASSERT_TRUE(Append(Record("a", 1)).ok());
  StopAt(Call::kWrite, "0000000002.segment", 2);  // of the snapshot
  EXPECT_FALSE(Append(BigRecord("refused")).ok());
  CutPower(&nothing_);
  Open(/*keep_old_segments=*/false);
  AwaitChores();
  KillAndOpen();
  EXPECT_EQ(LastSequence(), 1u);
}

// What a failed sync had left behind a segment's end was not read as records,
// but it was as sequences: its producer never sent it again.
TEST_F(RestartTest, ClaimsNoBatchThatANewerSegmentReplaced) {
  Open();
  ASSERT_EQ(Append(Record("a", 1)).value(), 0u);
  FailSyncAndCut("0000000001.segment");
  EXPECT_FALSE(Append(Record("b", 2)).ok());
  StopAt(Call::kWrite, "0000000002.segment", 2);  // of the snapshot
  AppendUntilStopped(Record("b", 2));
  SurvivalOfSome first_segment([](absl::string_view path) {
    return absl::EndsWith(path, "0000000001.segment");
  });
  CutPower(&first_segment);
  Open();
  EXPECT_EQ(LastSequence(), Contents().size());
}

// A segment that had failed was replaced by another with the same first offset.
// Retention deleted only that one, and the refused record had its offset.
TEST_F(RestartTest, DoesNotFindReplacedRecordsAgainWhenRetentionHasPassed) {
  Open();
  ASSERT_EQ(Append(BigRecord("a")).value(), 0u);
  // The first sync of that file is its header's, the second the snapshot's.
  disk_->SetFault([syncs = 0](Call call, absl::string_view path) mutable {
    if (!absl::EndsWith(path, "0000000002.segment")) return absl::OkStatus();
    const bool fails =
        (call == Call::kSync && ++syncs == 3) || call == Call::kTruncate;
    return fails ? absl::ErrnoToStatus(EIO, path) : absl::OkStatus();
  });
  EXPECT_FALSE(Append(BigRecord("refused")).ok());
  ASSERT_EQ(AppendUntilStored(BigRecord("b")), 1u);
  ASSERT_EQ(Append(BigRecord("c")).value(), 2u);
  journal_.reset();
  Open(/*keep_old_segments=*/false);
  AwaitChores();
  journal_.reset();
  Open();
  EXPECT_THAT(Contents(), ElementsAre("2:c"));
}

// A sync had failed, and the server was killed before it cut the file. The
// kernel takes what was not written for clean: the next server's sync said it
// was durable, and it was not.
TEST_F(RestartTest, MakesDurableWhatItTakesFromAFileWhoseSyncFailed) {
  Open();
  ASSERT_EQ(Append(Record("a")).value(), 0u);
  disk_->SetFault([this](Call call, absl::string_view path) {
    if (call == Call::kTruncate) disk_->StopAfter(0);
    return call == Call::kSync ? absl::ErrnoToStatus(EIO, path)
                               : absl::OkStatus();
  });
  EXPECT_FALSE(Append(Record("b")).ok());
  KillAndOpen();
  const std::vector<std::string> found = Contents();
  CutPower(&nothing_);
  Open();
  EXPECT_EQ(Contents(), found);
}

// A table of several parts counted as whole when its last part was.
TEST_F(RestartTest, ReadsTheSegmentBeforeWhenPartOfASnapshotIsDamaged) {
  constexpr int kProducers = 24'001;  // two parts
  segment_bytes_ = int64_t{4} << 20;
  Open();
  const auto id_of = [](int number) {
    ProducerId id{};
    std::memcpy(id.data(), &number, sizeof(number));
    return id;
  };
  for (int number = 1; number <= kProducers; ++number) {
    PendingEntry entry = Record("r", 1);
    entry.producer_id = id_of(number);
    journal_->Append(std::move(entry), AckDepth::kSynced, [](auto answer) {
      EXPECT_TRUE(answer.ok()) << answer.status();
    });
  }
  ASSERT_TRUE(Append(Record(std::string(1'500'000, 'x'))).ok());
  journal_.reset();
  const SegmentName newest = ListSegments(disk_.get(), "journal")->back();
  {
    const auto file =
        disk_->Open(newest.PathIn("journal"), Mode::kReadWrite).value();
    ASSERT_TRUE(file->WriteAt(kFirstEntryByte + 1000, {"xxxx"}).ok());
  }
  Open();
  int known = 0;
  for (int number = 1; number <= kProducers; ++number) {
    journal_->FindLastSequence(id_of(number), /*epoch=*/0,
                               [&known](absl::StatusOr<uint64_t> last) {
                                 if (last.value_or(0) == 1) ++known;
                               });
  }
  AwaitChores();
  EXPECT_EQ(known, kProducers);
}

}  // namespace
}  // namespace logboom
