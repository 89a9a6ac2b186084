#include "server/journal/journal_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/journal/journal_fixture.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Call = FaultyFileSystem::Call;

using JournalReaderTest = JournalFixture;

TEST_F(JournalReaderTest, AReaderStartsAtItsOffset) {
  options_.segment_bytes = kSmallSegment;
  Open();
  AppendAll(Payloads('p', 10));
  for (Offset from = 0; from <= 10; ++from) {
    const JournalContents got = ReadFrom(from);
    EXPECT_THAT(got.payloads, SizeIs(10 - from)) << from;
    if (from < 10) {
      EXPECT_EQ(got.offsets.front(), from);
    }
    EXPECT_EQ(got.missing, 0);
  }
}

TEST_F(JournalReaderTest, AReaderThatStartsInsideAnEntryGetsAllOfIt) {
  Open();
  Answer answer;
  journal_->Append(EntryOf("ten records", 10), AckDepth::kSynced,
                   answer.Expect());
  ASSERT_TRUE(answer.Wait().ok());
  const auto reader = journal_->NewReader(7);
  EXPECT_EQ(reader->offset(), 7u);
  const auto entry = reader->Next();
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->header.first_offset, 0u);
  EXPECT_EQ(reader->offset(), 10u);
}

TEST_F(JournalReaderTest, AReaderBeyondTheHeadStartsThere) {
  Open();
  AppendAll({"a"});
  testing::internal::CaptureStderr();
  const auto reader = journal_->NewReader(100);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("offset 100"));
  EXPECT_EQ(reader->offset(), 1u);
  AppendAll({"b"});
  EXPECT_THAT(ReadToEnd(reader.get()).payloads, ElementsAre("b"));
}

TEST_F(JournalReaderTest, AReaderAtTheHeadGetsOnlyWhatFollows) {
  options_.segment_bytes = kSmallSegment;
  Open();
  for (int i = 0; i < 8; ++i) {
    const auto reader = journal_->NewReader(journal_->synced_head());
    EXPECT_TRUE(absl::IsOutOfRange(reader->Next().status()));
    AppendAll({PayloadOf('p', i)});
    EXPECT_THAT(ReadToEnd(reader.get()).payloads,
                ElementsAre(PayloadOf('p', i)));
  }
}

TEST_F(JournalReaderTest, EntriesWithoutRecordsArePassedOver) {
  Open();
  PendingEntry notice = EntryOf("", 0);
  notice.kind = EntryKind::kNotice;
  notice.sequence = 7;
  Answer first, second;
  journal_->Append(notice, AckDepth::kSynced, first.Expect());
  EXPECT_EQ(first.Wait().value(), 0u);
  AppendAll({"a"});
  journal_->Append(notice, AckDepth::kSynced, second.Expect());
  EXPECT_EQ(second.Wait().value(), 1u) << "the next record's offset";

  EXPECT_THAT(ReadFrom(0).payloads, ElementsAre("a"));
  Close();
  EXPECT_THAT(ReadOffline().payloads, ElementsAre("a"));
  EXPECT_THAT(ReadOffline(EntrySelection::kAll).payloads,
              ElementsAre("\x10\x01", "", "a", "", ""))
      << "the snapshot first, an orderly stop's notice last";
}

// Goal: a reader that follows crosses every kind of boundary. Method: one
// reader asked after each append over several segments.
TEST_F(JournalReaderTest, AFollowingReaderCrossesSegments) {
  options_.segment_bytes = kSmallSegment;
  Open();
  const auto reader = journal_->NewReader(0);
  for (int i = 0; i < 20; ++i) {
    AppendAll({PayloadOf('p', i)});
    const auto entry = reader->Next();
    ASSERT_TRUE(entry.ok()) << i << ": " << entry.status();
    EXPECT_EQ(entry->payload, PayloadOf('p', i));
    if (i % 2 == 0) {
      EXPECT_TRUE(absl::IsOutOfRange(reader->Next().status()));
    }
  }
  EXPECT_EQ(reader->missing_records(), 0);
}

TEST_F(JournalReaderTest, WaitingEndsWithAnEntryADeadlineOrAnInterrupt) {
  Open();
  const auto reader = journal_->NewReader(0);
  EXPECT_FALSE(reader->WaitForEntry(absl::InfinitePast()));

  std::thread waiting([&] {
    EXPECT_TRUE(reader->WaitForEntry(absl::InfiniteFuture()));
    EXPECT_TRUE(reader->Next().ok());
    EXPECT_FALSE(reader->WaitForEntry(absl::InfiniteFuture()));
  });
  AppendAll({"a"});
  reader->Interrupt();
  waiting.join();
  EXPECT_FALSE(reader->WaitForEntry(absl::InfiniteFuture())) << "for good";
}

TEST_F(JournalReaderTest, AnInterruptedReaderLeavesTheOthersWaiting) {
  Open();
  const auto interrupted = journal_->NewReader(0);
  const auto other = journal_->NewReader(0);
  std::thread waiting(
      [&] { EXPECT_TRUE(other->WaitForEntry(absl::InfiniteFuture())); });
  interrupted->Interrupt();
  EXPECT_FALSE(interrupted->WaitForEntry(absl::InfiniteFuture()));
  AppendAll({"a"});
  waiting.join();
}

// Goal: concurrent appends and readers agree on one sequence. Method: several
// threads append over many segments while two readers follow; each must see
// every thread's entries in their order, and the same sequence as the other.
TEST_F(JournalReaderTest, ReadersFollowManyAppendersWithoutLossOrDisorder) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  options_.segment_bytes = 8192;
  Open();
  std::vector<std::vector<std::string>> seen(2);
  std::vector<std::thread> threads;
  for (auto& payloads : seen) {
    threads.emplace_back([&] {
      const auto reader = journal_->NewReader(0);
      while (payloads.size() < kThreads * kEach) {
        const auto entry = reader->Next();
        if (entry.ok()) {
          payloads.emplace_back(entry->payload);
        } else {
          ASSERT_TRUE(absl::IsOutOfRange(entry.status())) << entry.status();
          reader->WaitForEntry(absl::InfiniteFuture());
        }
      }
      EXPECT_EQ(reader->missing_records(), 0);
    });
  }
  std::atomic<int> failed{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        journal_->Append(
            EntryOf(PayloadOf(static_cast<char>('a' + t), i)),
            i % 2 == 0 ? AckDepth::kSynced : AckDepth::kWritten,
            [&](const auto& offset) { failed += offset.ok() ? 0 : 1; });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  journal_->Stop();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(seen[0], seen[1]);
  for (int t = 0; t < kThreads; ++t) {
    int next = 0;
    const auto letter = static_cast<char>('a' + t);
    for (const std::string& payload : seen[0]) {
      if (payload[0] == letter) {
        EXPECT_EQ(payload, PayloadOf(letter, next++));
      }
    }
    EXPECT_EQ(next, kEach);
  }
}

}  // namespace
}  // namespace logboom
