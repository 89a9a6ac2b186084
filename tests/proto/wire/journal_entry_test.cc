#include "proto/wire/journal_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/checksum.h"

namespace logboom {
namespace {

using ::testing::Optional;

constexpr JournalId kJournal = {0, 1, 2,  3,  4,  5,  6,  7,
                                8, 9, 10, 11, 12, 13, 14, 15};
constexpr uint64_t kSeed = 0x1234'5678'9abc'def0;

// Every field with a value of its own, so that none can stand for another.
EntryHeader DistinctHeader() {
  return {
      .kind = EntryKind::kOtlp,
      .anonymous = true,
      .resource_bytes = 3,
      .payload_bytes = 10,
      .ledger_bytes = 5,
      .record_count = 0x01020304,
      .severities = 0x00220000,
      .first_offset = 0x1112131415161718,
      .received_unix_nano = 0x2122232425262728,
      .producer_id = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
      .session_epoch = 0x3132333435363738,
      .sequence = 0x4142434445464748,
      .min_time_unix_nano = 0x5152535455565758,
      .max_time_unix_nano = 0x6162636465666768,
      .body_checksum = 0x7172737475767778,
      .synced_end = 0x0182838485868788};
}

std::string Encode(const EntryHeader& header, uint64_t seed) {
  const auto bytes = EncodeEntryHeader(header, seed);
  return std::string(bytes.data(), bytes.size());
}

std::string EncodeSegment(const SegmentHeader& header) {
  const auto bytes = EncodeSegmentHeader(header);
  return std::string(bytes.data(), bytes.size());
}

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

TEST(EntryHeaderTest, EveryFieldLiesWhereTheFormatSays) {
  const std::string bytes = Encode(DistinctHeader(), kSeed);
  EXPECT_EQ(bytes.substr(0, 4), "LBen");
  EXPECT_EQ(Hex(bytes.substr(8)),
            "02"
            "01"
            "8000"
            "03000000"
            "0a000000"
            "05000000"
            "04030201"
            "00002200"
            "1817161514131211"
            "2827262524232221"
            "0102030405060708090a0b0c0d0e0f10"
            "3837363534333231"
            "4847464544434241"
            "5857565554535251"
            "6867666564636261"
            "7877767574737271"
            "8887868584838201"
            "00000000000000000000000000000000");
}

TEST(EntryHeaderTest, ReadsBackWhatWasWritten) {
  const EntryHeader header = DistinctHeader();
  const auto read = DecodeEntryHeader(Encode(header, kSeed), kSeed);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->kind, header.kind);
  EXPECT_EQ(read->anonymous, header.anonymous);
  EXPECT_EQ(read->producer_id, header.producer_id);
  // The rest by its bytes.
  EXPECT_EQ(Encode(*read, kSeed), Encode(header, kSeed));
}

TEST(EntryHeaderTest, AFlippedBitAnywhereMakesItNoHeader) {
  const std::string good = Encode(DistinctHeader(), kSeed);
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(DecodeEntryHeader(bad, kSeed).has_value()) << "bit " << bit;
  }
}

TEST(EntryHeaderTest, IsBoundToItsSeed) {
  const std::string bytes = Encode(DistinctHeader(), kSeed);
  EXPECT_FALSE(DecodeEntryHeader(bytes, kSeed + 1).has_value());
}

TEST(EntryHeaderTest, IsNotReadFromFewerBytes) {
  const std::string bytes = Encode(DistinctHeader(), kSeed);
  EXPECT_FALSE(
      DecodeEntryHeader(absl::string_view(bytes).substr(0, 127), kSeed));
}

TEST(EntryHeaderTest, AnUnknownKindIsNoHeader) {
  for (const int kind : {0, 5, 255}) {
    EntryHeader header = DistinctHeader();
    header.kind = static_cast<EntryKind>(kind);
    EXPECT_FALSE(DecodeEntryHeader(Encode(header, kSeed), kSeed)) << kind;
  }
}

TEST(EntryHeaderTest, AnEntryEndsAtAMultipleOfEight) {
  EntryHeader header;
  for (uint32_t size = 0; size < 40; ++size) {
    header.payload_bytes = size;
    EXPECT_EQ(header.entry_bytes() % 8, 0);
    EXPECT_GE(header.entry_bytes(), 128 + size);
    EXPECT_LT(header.entry_bytes(), 128 + size + 8);
  }
}

TEST(EntryHeaderTest, SizesNearTheirLimitDoNotOverflow) {
  constexpr uint32_t kMost = 0xFFFF'FFFF;
  const EntryHeader header{.resource_bytes = kMost,
                           .payload_bytes = kMost,
                           .ledger_bytes = kMost,
                           .record_count = kMost,
                           .first_offset = 1};
  EXPECT_EQ(header.body_bytes(), int64_t{3} * kMost);
  EXPECT_EQ(header.end_offset(), uint64_t{1} << 32);
}

TEST(EntrySeedTest, DiffersByPositionAndByJournal) {
  JournalId other = kJournal;
  other[15] ^= 1;
  EXPECT_NE(EntrySeed(kJournal, 128), EntrySeed(kJournal, 136));
  EXPECT_NE(EntrySeed(kJournal, 128), EntrySeed(other, 128));
}

TEST(EntryBodyTest, GivesTheThreeParts) {
  EntryHeader header = DistinctHeader();
  const std::string body = "res0123456789ledge";
  header.body_checksum = Checksum(body, kSeed);
  const std::string bytes = Encode(header, kSeed) + body + std::string(6, '\0');
  const auto entry = DecodeEntryBody(header, bytes, kSeed);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->resource, "res");
  EXPECT_EQ(entry->payload, "0123456789");
  EXPECT_EQ(entry->ledger, "ledge");
}

TEST(EntryBodyTest, AFlippedBitIsDataLoss) {
  EntryHeader header = DistinctHeader();
  const std::string body = "res0123456789ledge";
  header.body_checksum = Checksum(body, kSeed);
  for (size_t bit = 0; bit < body.size() * 8; ++bit) {
    std::string bytes = Encode(header, kSeed) + body;
    bytes[128 + bit / 8] =
        static_cast<char>(bytes[128 + bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(
        absl::IsDataLoss(DecodeEntryBody(header, bytes, kSeed).status()))
        << "bit " << bit;
  }
}

const SegmentHeader kSegment = {.journal_id = kJournal,
                                .number = 0x0102030405060708,
                                .first_offset = 0x1112131415161718,
                                .created_unix_nano = 0x2122232425262728};

TEST(SegmentHeaderTest, EveryFieldLiesWhereTheFormatSaysAndTwice) {
  const std::string bytes = EncodeSegment(kSegment);
  ASSERT_EQ(bytes.size(), 128u);
  EXPECT_EQ(Hex(bytes.substr(0, 56)), Hex("LOGBOOM\x01") +
                                          "000102030405060708090a0b0c0d0e0f"
                                          "0807060504030201"
                                          "1817161514131211"
                                          "2827262524232221"
                                          "0000000000000000");
  EXPECT_EQ(bytes.substr(0, 64), bytes.substr(64));
}

TEST(SegmentHeaderTest, ReadsFromEitherCopy) {
  const std::string good = EncodeSegment(kSegment);
  for (size_t at = 0; at < good.size(); ++at) {
    std::string one_bad = good;
    one_bad[at] = static_cast<char>(one_bad[at] ^ 0x10);
    const auto header = DecodeSegmentHeader(one_bad);
    ASSERT_TRUE(header.ok()) << "byte " << at << ": " << header.status();
    EXPECT_EQ(EncodeSegment(*header), good) << at;
  }
}

TEST(SegmentHeaderTest, WithBothCopiesDamagedIsDataLoss) {
  std::string bytes = EncodeSegment(kSegment);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  bytes[64 + 30] = static_cast<char>(bytes[64 + 30] ^ 1);
  EXPECT_TRUE(absl::IsDataLoss(DecodeSegmentHeader(bytes).status()));
  for (const size_t size : {0, 1, 63}) {
    const std::string cut = EncodeSegment(kSegment).substr(0, size);
    EXPECT_TRUE(absl::IsDataLoss(DecodeSegmentHeader(cut).status())) << size;
  }
}

// What a later version of this program would write, with its right checksum (by
// libxxhash 0.8.1, outside this program).
TEST(SegmentHeaderTest, OfANewerFormatIsRefusedAsSuch) {
  std::string copy(64, '\0');
  copy.replace(0, 8, "LOGBOOM\x02");
  copy.replace(56, 8, absl::HexStringToBytes("3b496a0aca6717dd"));
  const auto header = DecodeSegmentHeader(copy + copy);
  EXPECT_EQ(header.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(header.status().message(), testing::HasSubstr("format 2"));
}

}  // namespace
}  // namespace logboom
