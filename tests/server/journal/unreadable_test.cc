// Bytes that the disk will not give: damage that says so.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/journal/segment_reader.h"
#include "tests/server/journal/journal_fixture.h"
#include "tests/testing/memory_file.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Call = FaultyFileSystem::Call;

constexpr int kAlways = 1'000'000;
const absl::Status kIoError = absl::UnknownError("reading x: I/O error");

// A file with one bad sector: reads that touch it fail.
class BadSectorFile final : public MemoryFile {
 public:
  BadSectorFile(std::string bytes, int64_t bad)
      : MemoryFile(std::move(bytes)), bad_(bad) {}

  absl::StatusOr<size_t> ReadAt(int64_t position,
                                absl::Span<char> buffer) override {
    const int64_t end = position + static_cast<int64_t>(buffer.size());
    if (position < bad_ + 512 && end > bad_) return kIoError;
    return MemoryFile::ReadAt(position, buffer);
  }

 private:
  const int64_t bad_;
};

// Goal: a bad sector costs the entries it touches, no more. Method: entries of
// about a page, the sector inside the third one.
TEST(UnreadableTest, ABadSectorCostsTheEntriesItTouches) {
  std::vector<std::string> payloads;
  for (char letter = 'a'; letter < 'f'; ++letter) {
    payloads.emplace_back(8'000, letter);
  }
  const SegmentImage image = MakeSegment(payloads, 4096);
  const int64_t bad = image.begins[2] + 1'000;
  SegmentReader reader(std::make_unique<BadSectorFile>(image.bytes, bad),
                       kTestJournal);
  const auto size = static_cast<int64_t>(image.bytes.size());
  EXPECT_FALSE(reader.Next(size).ok()) << "by itself it does not guess";

  reader.PassOverUnreadable();
  std::string letters;
  int64_t damaged = 0;
  while (true) {
    const auto item = reader.Next(size);
    ASSERT_TRUE(item.ok()) << item.status();
    if (std::holds_alternative<EndOfSegment>(*item)) break;
    if (const auto* entry = std::get_if<JournalEntry>(&*item)) {
      letters.push_back(entry->payload.front());
    } else {
      const auto& extent = std::get<DamagedExtent>(*item);
      damaged += extent.end - extent.begin;
    }
  }
  EXPECT_EQ(letters, "abde");
  EXPECT_EQ(damaged, image.ends[2] - image.begins[2]);
  EXPECT_GT(reader.unreadable_bytes(), 0);
}

class UnreadableJournalTest : public JournalFixture {};

TEST_F(UnreadableJournalTest, AServerStartsAndGoesOnInANewSegment) {
  options_.segment_bytes = kSmallSegment;
  Open();
  AppendAll(Payloads('p', 5));
  Close();
  files_.Fail(Call::kRead, kIoError, kAlways);
  testing::internal::CaptureStderr();
  Open();
  files_.Heal(Call::kRead);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("its header is damaged: reading x: I/O error"));
  EXPECT_EQ(journal_->synced_head(), 3u) << "by the newest segment's name";
  const std::vector<std::string> before = SegmentFiles();
  AppendAll({"next"});
  EXPECT_THAT(SegmentFiles(), SizeIs(before.size() + 1));
}

// Goal: no handler stands still before a bad sector for good. Method: reads
// that always fail, until the reader passes over what it cannot have.
TEST_F(UnreadableJournalTest, AReaderPassesOverWhatItCannotHaveInTheEnd) {
  options_.segment_bytes = kSmallSegment;
  Open();
  AppendAll(Payloads('p', 5));
  const auto reader = journal_->NewReader(0);
  files_.Fail(Call::kRead, kIoError, kAlways);
  testing::internal::CaptureStderr();
  int failures = 0;
  for (; absl::IsUnavailable(reader->Next().status()); ++failures) {
    ASSERT_LT(failures, 1000);
  }
  files_.Heal(Call::kRead);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("missing"));
  EXPECT_GT(failures, 5) << "a disk may come back";
  EXPECT_GE(reader->missing_records(), 3);
  AppendAll({"next"});
  EXPECT_EQ(ReadToEnd(reader.get()).payloads.back(), "next");
}

}  // namespace
}  // namespace logboom
