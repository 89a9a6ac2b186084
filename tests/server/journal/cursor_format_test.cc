#include "server/journal/cursor_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <cstring>
#include <string>

#include "tests/server/journal/cursor_fixture.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

CursorSlot SlotOf(uint64_t generation, Offset offset) {
  return {generation, kJournalId, PositionAt(offset)};
}

CursorMark MarkOf(size_t text_bytes) {
  CursorMark mark = {.before = PositionAt(1000), .after = PositionAt(1010)};
  const int64_t begin = mark.before.output.size_bytes;
  mark.after.output.size_bytes = begin + static_cast<int64_t>(text_bytes);
  mark.pieces = PiecesOf(std::string(text_bytes, 't'), begin, begin + 5);
  return mark;
}

template <typename T>
T At(const std::string& bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

uint64_t ChecksumOf(const std::string& bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

// The table of proto/FORMAT.md, section 4, row by row.
TEST(CursorSlotTest, LiesAsTheFormatSays) {
  const std::string bytes = EncodeCursorSlot(SlotOf(77, 1000));
  const std::string ledger = PositionAt(1000).counts.ToLedger().Encode();
  ASSERT_EQ(bytes.size(), 4096u);
  EXPECT_EQ(bytes.substr(0, 8), std::string("LBcurs\0\1", 8));
  EXPECT_EQ(At<uint64_t>(bytes, 8), 77u);
  EXPECT_EQ(At<JournalId>(bytes, 16), kJournalId);
  EXPECT_EQ(At<uint64_t>(bytes, 32), 1000u);
  EXPECT_EQ(At<uint64_t>(bytes, 40), 3u);
  EXPECT_EQ(At<uint64_t>(bytes, 48), 40u);
  EXPECT_EQ(At<uint64_t>(bytes, 56), 100'000u);
  EXPECT_EQ(At<uint32_t>(bytes, 64), ledger.size());
  EXPECT_EQ(At<uint32_t>(bytes, 68), 0u);
  EXPECT_EQ(bytes.substr(72, ledger.size()), ledger);
  EXPECT_EQ(At<uint64_t>(bytes, 4088), ChecksumOf(bytes.substr(0, 4088)));
}

TEST(CursorSlotTest, ReadsBackWhatItEncodes) {
  for (const uint64_t generation : {uint64_t{1}, ~uint64_t{0}}) {
    const auto slot = DecodeCursorSlot(EncodeCursorSlot(SlotOf(generation, 9)));
    ASSERT_TRUE(slot.ok()) << slot.status();
    EXPECT_EQ(slot->generation, generation);
    EXPECT_EQ(slot->journal_id, kJournalId);
    EXPECT_EQ(slot->position, PositionAt(9));
  }
}

TEST(CursorSlotTest, SaysWhatIsWrongWithAnother) {
  const std::string good = EncodeCursorSlot(SlotOf(1, 1000));
  const auto refusal = [](const std::string& bytes) {
    const auto slot = DecodeCursorSlot(bytes);
    EXPECT_EQ(slot.status().code(), absl::StatusCode::kDataLoss);
    return std::string(slot.status().message());
  };
  EXPECT_EQ(refusal(good.substr(0, 4095)), "cut after 4095 bytes");
  EXPECT_EQ(refusal(std::string(4096, '\0')), "not a cursor's bytes");
  std::string changed = good;
  changed[1000] ^= 1;
  EXPECT_EQ(refusal(changed), "checksum mismatch");
}

// Goal: even a slot with a checksum cannot lead outside its bytes.
TEST(CursorSlotTest, RefusesALedgerThatDoesNotFit) {
  std::string bytes = EncodeCursorSlot(SlotOf(1, 1000));
  const auto with_ledger_size = [&bytes](uint32_t size) {
    std::memcpy(bytes.data() + 64, &size, sizeof(size));
    const uint64_t checksum = ChecksumOf(bytes.substr(0, 4088));
    std::memcpy(bytes.data() + 4088, &checksum, sizeof(checksum));
    return std::string(DecodeCursorSlot(bytes).status().message());
  };
  EXPECT_THAT(with_ledger_size(4017), HasSubstr("a ledger of 4017 bytes"));
  EXPECT_THAT(with_ledger_size(~0u), HasSubstr("a ledger of"));
  EXPECT_THAT(with_ledger_size(3), HasSubstr("not a LedgerDelta"));
}

// The table of proto/FORMAT.md, section 4.1, row by row.
TEST(CursorMarkTest, LiesAsTheFormatSays) {
  const CursorMark mark = MarkOf(5000);
  const std::string boot_id = "0123456789abcdef0123456789abcdef-boot";
  const std::string bytes = EncodeCursorMark(77, boot_id, mark);
  const std::string before = mark.before.counts.ToLedger().Encode();
  const std::string after = mark.after.counts.ToLedger().Encode();
  EXPECT_EQ(bytes.substr(0, 8), std::string("LBmark\0\1", 8));
  EXPECT_EQ(At<uint64_t>(bytes, 8), ChecksumOf(bytes.substr(16)));
  EXPECT_EQ(At<uint64_t>(bytes, 16), 77u);
  EXPECT_EQ(bytes.substr(24, 36), boot_id.substr(0, 36));
  EXPECT_EQ(At<uint32_t>(bytes, 60), mark.pieces.size());
  EXPECT_EQ(At<uint64_t>(bytes, 64), 1000u);
  EXPECT_EQ(At<uint64_t>(bytes, 72), 100'000u);
  EXPECT_EQ(At<uint64_t>(bytes, 80), 1010u);
  EXPECT_EQ(At<uint64_t>(bytes, 88), 105'000u);
  EXPECT_EQ(At<uint32_t>(bytes, 96), before.size());
  EXPECT_EQ(At<uint32_t>(bytes, 100), after.size());
  EXPECT_EQ(At<uint64_t>(bytes, 104), 3u);
  EXPECT_EQ(At<uint64_t>(bytes, 112), 40u);
  EXPECT_EQ(bytes.substr(120, before.size() + after.size()), before + after);
  const size_t pieces_at = 120 + before.size() + after.size();
  ASSERT_EQ(bytes.size(), pieces_at + 16 * mark.pieces.size());
  EXPECT_EQ(At<int64_t>(bytes, pieces_at), mark.pieces[0].end);
  EXPECT_EQ(At<uint64_t>(bytes, pieces_at + 8), mark.pieces[0].checksum);
}

TEST(CursorMarkTest, ReadsBackWhatItEncodes) {
  for (const size_t text_bytes : {size_t{0}, size_t{1}, size_t{16} << 20}) {
    SCOPED_TRACE(text_bytes);
    const CursorMark mark = MarkOf(text_bytes);
    const std::string bytes = EncodeCursorMark(5, "boot", mark);
    EXPECT_EQ(CursorMarkBytes(bytes.substr(0, kCursorMarkHeadBytes)),
              static_cast<int64_t>(bytes.size()));
    const auto found = DecodeCursorMark(bytes);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->generation, 5u);
    EXPECT_EQ(found->boot_id, "boot");
    EXPECT_EQ(found->mark, mark);
  }
}

// So a kill does not leave half of one: the promise of Cursor::Mark.
TEST(CursorMarkTest, OfATextUpTo768KiBFitsAPageWhateverTheCounts) {
  CursorMark mark = MarkOf(768 * 1024);
  constexpr uint64_t kMost = ~uint64_t{0};
  mark.before.counts = {kMost, kMost, kMost, kMost, kMost, kMost};
  mark.after.counts = mark.before.counts;
  EXPECT_LE(EncodeCursorMark(1, std::string(36, 'b'), mark).size(), 4096u);
}

TEST(CursorMarkTest, IsNotOneWhenAnyBitIsFlippedOrAnyByteIsMissing) {
  const std::string good = EncodeCursorMark(5, "boot", MarkOf(5000));
  for (size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(DecodeCursorMark(changed)) << "flipped at " << at;
    EXPECT_FALSE(DecodeCursorMark(good.substr(0, at))) << "cut at " << at;
  }
}

}  // namespace
}  // namespace logboom
