#include "server/journal/segment_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/server/journal/segment_image.h"
#include "tests/testing/memory_file.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Without(std::vector<std::string> all, size_t index) {
  all.erase(all.begin() + static_cast<ptrdiff_t>(index));
  return all;
}

std::vector<std::string> FirstOf(std::vector<std::string> all, size_t count) {
  all.resize(count);
  return all;
}

TEST(SegmentReaderTest, ReturnsEntriesInTheirOrder) {
  const SegmentImage image = MakeSegment({"first", "", "third"}, 64);
  const ReadBack got = ReadSegment(image.bytes);
  EXPECT_THAT(got.payloads, ElementsAre("first", "", "third"));
  EXPECT_THAT(got.offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(got.damaged, IsEmpty());
  EXPECT_EQ(got.end, image.entries_end());
}

TEST(SegmentReaderTest, AnEmptySegmentHasNoEntries) {
  const ReadBack got = ReadSegment(MakeSegment({}, 64).bytes);
  EXPECT_THAT(got.payloads, IsEmpty());
  EXPECT_EQ(got.end, kFirstEntryByte);
}

// Goal: wherever the machine stopped, reading returns exactly the entries that
// were whole by then. Method: cut one good segment at every byte, with the file
// ending there and with zeros behind.
TEST(SegmentReaderTest, ReturnsEveryWholeEntryWhenTheTailIsTorn) {
  const std::vector<std::string> payloads = {"first", "", "third"};
  const SegmentImage good = MakeSegment(payloads);
  for (int64_t cut = 0; cut <= good.entries_end(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut after byte ", cut));
    const std::string head = good.bytes.substr(0, static_cast<size_t>(cut));
    const size_t whole = good.WholeEntriesBefore(cut);

    const ReadBack ended = ReadSegment(head);
    EXPECT_THAT(ended.payloads, ElementsAreArray(FirstOf(payloads, whole)));
    EXPECT_THAT(ended.damaged, IsEmpty()) << "a torn tail is not damage";

    // The last bytes of an entry may be zeros anyway.
    std::string zeroed = head;
    zeroed.resize(good.bytes.size() + 256);
    const ReadBack padded = ReadSegment(zeroed);
    EXPECT_GE(padded.payloads.size(), whole);
    EXPECT_THAT(padded.payloads,
                ElementsAreArray(FirstOf(payloads, padded.payloads.size())));
    EXPECT_THAT(padded.damaged, IsEmpty());
    if (padded.payloads.size() > whole) {
      EXPECT_EQ(zeroed.substr(0, good.bytes.size()).substr(0, padded.end),
                good.bytes.substr(0, padded.end));
    }
  }
}

// Goal: damage costs what it hit and nothing else. Method: each byte of a small
// segment flipped in turn.
TEST(SegmentReaderTest, AFlippedByteCostsItsEntryOnly) {
  const std::vector<std::string> payloads = {"first one", "2", "the third", ""};
  const SegmentImage good = MakeSegment(payloads, 40);
  for (size_t entry = 0; entry < payloads.size(); ++entry) {
    const int64_t body_end =
        good.begins[entry] + 128 + static_cast<int64_t>(payloads[entry].size());
    for (int64_t at = good.begins[entry]; at < good.ends[entry]; ++at) {
      SCOPED_TRACE(absl::StrCat("byte ", at, " of entry ", entry));
      std::string bad = good.bytes;
      bad[static_cast<size_t>(at)] ^= 0x40;
      const ReadBack got = ReadSegment(bad);
      if (at >= body_end) {  // padding: nothing of value
        EXPECT_THAT(got.payloads, ElementsAreArray(payloads));
        EXPECT_THAT(got.damaged, IsEmpty());
        continue;
      }
      EXPECT_THAT(got.payloads, ElementsAreArray(Without(payloads, entry)));
      if (entry + 1 == payloads.size()) {
        EXPECT_THAT(got.damaged, IsEmpty()) << "the last one is a tail";
        EXPECT_EQ(got.end, good.begins[entry]);
      } else {
        ASSERT_THAT(got.damaged, SizeIs(1));
        EXPECT_EQ(got.damaged[0].begin, good.begins[entry]);
        EXPECT_EQ(got.damaged[0].end, good.ends[entry]);
      }
    }
  }
}

TEST(SegmentReaderTest, NeighbouringDamageIsOneExtent) {
  const SegmentImage good = MakeSegment({"a", "b", "c", "d"});
  std::string bad = good.bytes;
  bad[static_cast<size_t>(good.begins[1])] = 'x';
  bad[static_cast<size_t>(good.begins[2])] = 'x';
  const ReadBack got = ReadSegment(bad);
  EXPECT_THAT(got.payloads, ElementsAre("a", "d"));
  ASSERT_THAT(got.damaged, SizeIs(1));
  EXPECT_EQ(got.damaged[0].begin, good.begins[1]);
  EXPECT_EQ(got.damaged[0].end, good.begins[3]);
}

// Goal: a producer cannot make records of its own appear by sending bytes that
// look like an entry. Method: a payload that is a whole segment of another
// journal, aligned; then the entry that holds it is damaged.
TEST(SegmentReaderTest, AForgedEntryInAPayloadIsNotReturned) {
  const JournalId guessed{};
  const SegmentImage forged =
      MakeSegmentOf({EntryOf("forged")}, /*spare_bytes=*/0, guessed);
  const SegmentImage good = MakeSegment({"before", forged.bytes, "after"});
  std::string bad = good.bytes;
  bad[static_cast<size_t>(good.begins[1]) + 40] ^= 1;
  EXPECT_THAT(ReadSegment(bad).payloads, ElementsAre("before", "after"));
}

// Same, with an entry of this very journal copied from another place: a replay.
TEST(SegmentReaderTest, AnEntryAtAnotherPlaceIsNotReturned) {
  const SegmentImage original = MakeSegment({"original"});
  const SegmentImage good =
      MakeSegment({"before", original.bytes.substr(128), "after"});
  std::string bad = good.bytes;
  bad[static_cast<size_t>(good.begins[1]) + 40] ^= 1;
  EXPECT_THAT(ReadSegment(bad).payloads, ElementsAre("before", "after"));
}

TEST(SegmentReaderTest, ASizeThatPassesTheEndOfTheFileIsRefused) {
  const SegmentImage good = MakeSegment({"a", "b"});
  // The second entry's header is intact, its last 8 bytes are not there.
  const ReadBack got = ReadSegment(good.bytes.substr(0, good.bytes.size() - 8));
  EXPECT_THAT(got.payloads, ElementsAre("a"));
  EXPECT_EQ(got.end, good.begins[1]);
}

TEST(SegmentReaderTest, LooksAtNothingBeyondItsLimit) {
  const SegmentImage image = MakeSegment({"a", "b", "c"});
  SegmentReader reader(std::make_unique<MemoryFile>(image.bytes), kTestJournal);
  for (size_t i = 0; i < 3; ++i) {
    const auto before = reader.Next(image.begins[i]);
    ASSERT_TRUE(before.ok());
    EXPECT_TRUE(std::holds_alternative<EndOfSegment>(*before)) << i;
    const auto after = reader.Next(image.ends[i]);
    ASSERT_TRUE(after.ok());
    EXPECT_TRUE(std::holds_alternative<JournalEntry>(*after)) << i;
  }
}

TEST(SegmentReaderTest, EntriesLargerThanItsBufferAreWhole) {
  const std::string large(size_t{3} << 20, 'x');
  const std::string larger(size_t{9} << 20, 'y');
  const ReadBack got =
      ReadSegment(MakeSegment({"a", large, "b", larger, "c"}).bytes);
  ASSERT_THAT(got.payloads, SizeIs(5));
  EXPECT_EQ(got.payloads[1], large);
  EXPECT_EQ(got.payloads[2], "b");
  EXPECT_EQ(got.payloads[3], larger);
  EXPECT_EQ(got.payloads[4], "c");
}

// Goal: entries and headers that straddle the buffer's end are read all the
// same. Method: entries of an odd size over several buffers, one destroyed.
TEST(SegmentReaderTest, FindsItsWayAcrossManyBuffers) {
  std::vector<std::string> payloads;
  for (int i = 0; i < 400; ++i) {
    payloads.push_back(std::string(9001, static_cast<char>('a' + i % 26)));
  }
  SegmentImage image = MakeSegment(payloads);
  EXPECT_THAT(ReadSegment(image.bytes).payloads, ElementsAreArray(payloads));
  // From the middle of one entry to behind the first MiB: no header survives.
  for (int64_t at = image.begins[100]; at < image.begins[200]; ++at) {
    image.bytes[static_cast<size_t>(at)] = 'L';
  }
  const ReadBack got = ReadSegment(image.bytes);
  EXPECT_THAT(got.payloads, SizeIs(300));
  ASSERT_THAT(got.damaged, SizeIs(1));
  EXPECT_EQ(got.damaged[0].end, image.begins[200]);
}

TEST(SegmentReaderTest, SkipsBelowAnOffsetToTheEntryThatHasIt) {
  const SegmentImage image =
      MakeSegmentOf({EntryOf("a", 10), EntryOf("b", 10), EntryOf("c", 10)});
  const auto size = static_cast<int64_t>(image.bytes.size());
  for (Offset offset = 0; offset < 30; ++offset) {
    SegmentReader reader(std::make_unique<MemoryFile>(image.bytes),
                         kTestJournal);
    ASSERT_TRUE(reader.SkipBelow(offset, size).ok());
    EXPECT_EQ(reader.position(), image.begins[offset / 10]) << offset;
  }
}

TEST(SegmentReaderTest, SaysWhetherOnlyZerosAreLeft) {
  const SegmentImage image = MakeSegment({"a"}, 3 << 20);
  const auto size = static_cast<int64_t>(image.bytes.size());
  for (const int64_t stray : {image.entries_end(), size / 2, size - 1}) {
    std::string bytes = image.bytes;
    bytes[static_cast<size_t>(stray)] = 1;
    SegmentReader reader(std::make_unique<MemoryFile>(bytes), kTestJournal);
    reader.SkipTo(image.entries_end());
    EXPECT_EQ(reader.OnlyZerosLeft(stray).value(), true) << stray;
    EXPECT_EQ(reader.OnlyZerosLeft(size).value(), false) << stray;
  }
}

// A disk that fails once.
class FailingOnce final : public File {
 public:
  explicit FailingOnce(std::string bytes) : file_(std::move(bytes)) {}
  absl::StatusOr<size_t> ReadAt(int64_t position,
                                absl::Span<char> buffer) override {
    if (std::exchange(fails_, false)) return absl::UnknownError("I/O error");
    return file_.ReadAt(position, buffer);
  }
  absl::Status WriteAt(int64_t, absl::Span<const absl::string_view>) override {
    return absl::UnimplementedError("");
  }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::Status Allocate(int64_t) override { return absl::OkStatus(); }
  absl::Status Truncate(int64_t) override { return absl::OkStatus(); }
  absl::StatusOr<int64_t> Size() override { return file_.Size(); }
  absl::Status Lock() override { return absl::OkStatus(); }

 private:
  MemoryFile file_;
  bool fails_ = true;
};

TEST(SegmentReaderTest, ReadsOnAfterAReadFailed) {
  const SegmentImage image = MakeSegment({"a"});
  SegmentReader reader(std::make_unique<FailingOnce>(image.bytes),
                       kTestJournal);
  EXPECT_FALSE(reader.Next(image.entries_end()).ok());
  const auto item = reader.Next(image.entries_end());
  ASSERT_TRUE(item.ok());
  EXPECT_EQ(std::get<JournalEntry>(*item).payload, "a");
}

}  // namespace
}  // namespace logboom
