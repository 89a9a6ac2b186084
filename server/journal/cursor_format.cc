#include "server/journal/cursor_format.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/checksum.h"

namespace logboom {
namespace {

static_assert(std::endian::native == std::endian::little,
              "integers are stored as they lie in memory");

constexpr absl::string_view kSlotMagic("LBcurs\x00\x01", 8);
constexpr size_t kSlotLedgerAt = 72;
constexpr size_t kSlotChecksumAt = 4088;
constexpr size_t kMaxLedgerBytes = kSlotChecksumAt - kSlotLedgerAt;

constexpr absl::string_view kMarkMagic("LBmark\x00\x01", 8);
constexpr size_t kMarkChecksumAt = 8;
constexpr size_t kMarkChecksummedFrom = 16;
constexpr size_t kPieceBytes = 16;

template <typename T>
void Put(std::string* out, size_t at, const T& value) {
  std::memcpy(out->data() + at, &value, sizeof(T));
}

template <typename T>
T Get(absl::string_view bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

void PutText(std::string* out, size_t at, absl::string_view text) {
  std::copy(text.begin(), text.end(), out->begin() + static_cast<long>(at));
}

void PutSize(std::string* out, size_t at, size_t size) {
  Put(out, at, static_cast<uint32_t>(size));
}

uint64_t MarkChecksum(absl::string_view bytes) {
  bytes.remove_prefix(kMarkChecksummedFrom);
  return Checksum(bytes);
}

std::string BootIdIn(absl::string_view mark) {
  const absl::string_view field = mark.substr(24, kBootIdBytes);
  return std::string(field.substr(0, field.find('\0')));
}

}  // namespace

std::string EncodeCursorSlot(const CursorSlot& slot) {
  const CursorPosition& position = slot.position;
  const std::string ledger = position.counts.ToLedger().Encode();
  std::string out(kCursorSlotBytes, '\0');
  PutText(&out, 0, kSlotMagic);
  Put(&out, 8, slot.generation);
  Put(&out, 16, slot.journal_id);
  Put(&out, 32, position.offset);
  Put(&out, 40, position.output.device);
  Put(&out, 48, position.output.inode);
  Put(&out, 56, position.output.size_bytes);
  PutSize(&out, 64, ledger.size());
  PutText(&out, kSlotLedgerAt, ledger);
  Put<uint64_t>(&out, kSlotChecksumAt, Checksum({out.data(), kSlotChecksumAt}));
  return out;
}

absl::StatusOr<CursorSlot> DecodeCursorSlot(absl::string_view bytes) {
  if (bytes.size() != kCursorSlotBytes) {
    return absl::DataLossError(
        absl::StrCat("cut after ", bytes.size(), " bytes"));
  }
  if (bytes.substr(0, kSlotMagic.size()) != kSlotMagic) {
    return absl::DataLossError("not a cursor's bytes");
  }
  if (Get<uint64_t>(bytes, kSlotChecksumAt) !=
      Checksum(bytes.substr(0, kSlotChecksumAt))) {
    return absl::DataLossError("checksum mismatch");
  }
  const size_t ledger_bytes = Get<uint32_t>(bytes, 64);
  if (ledger_bytes > kMaxLedgerBytes) {
    return absl::DataLossError(
        absl::StrCat("a ledger of ", ledger_bytes, " bytes"));
  }
  const absl::StatusOr<LedgerCounts> ledger =
      LedgerCounts::Decode(bytes.substr(kSlotLedgerAt, ledger_bytes));
  if (!ledger.ok()) return ledger.status();
  return CursorSlot{
      .generation = Get<uint64_t>(bytes, 8),
      .journal_id = Get<JournalId>(bytes, 16),
      .position = {.offset = Get<Offset>(bytes, 32),
                   .output = {.device = Get<uint64_t>(bytes, 40),
                              .inode = Get<uint64_t>(bytes, 48),
                              .size_bytes = Get<int64_t>(bytes, 56)},
                   .counts = HandlerCounts::FromLedger(*ledger)}};
}

std::string EncodeCursorMark(uint64_t generation, absl::string_view boot_id,
                             const CursorMark& mark) {
  const std::string before = mark.before.counts.ToLedger().Encode();
  const std::string after = mark.after.counts.ToLedger().Encode();
  const size_t pieces_at = kCursorMarkHeadBytes + before.size() + after.size();
  std::string out(pieces_at + mark.pieces.size() * kPieceBytes, '\0');
  PutText(&out, 0, kMarkMagic);
  Put(&out, 16, generation);
  PutText(&out, 24, boot_id.substr(0, kBootIdBytes));
  PutSize(&out, 60, mark.pieces.size());
  Put(&out, 64, mark.before.offset);
  Put(&out, 72, mark.before.output.size_bytes);
  Put(&out, 80, mark.after.offset);
  Put(&out, 88, mark.after.output.size_bytes);
  PutSize(&out, 96, before.size());
  PutSize(&out, 100, after.size());
  Put(&out, 104, mark.after.output.device);
  Put(&out, 112, mark.after.output.inode);
  PutText(&out, kCursorMarkHeadBytes, absl::StrCat(before, after));
  size_t at = pieces_at;
  for (const CursorMark::Piece& piece : mark.pieces) {
    Put(&out, at, piece.end);
    Put(&out, at + sizeof(piece.end), piece.checksum);
    at += kPieceBytes;
  }
  Put(&out, kMarkChecksumAt, MarkChecksum(out));
  return out;
}

std::optional<int64_t> CursorMarkBytes(absl::string_view head) {
  if (head.size() < kCursorMarkHeadBytes ||
      head.substr(0, kMarkMagic.size()) != kMarkMagic) {
    return std::nullopt;
  }
  return int64_t{kCursorMarkHeadBytes} + Get<uint32_t>(head, 96) +
         Get<uint32_t>(head, 100) +
         int64_t{kPieceBytes} * Get<uint32_t>(head, 60);
}

std::optional<EncodedCursorMark> DecodeCursorMark(absl::string_view bytes) {
  if (CursorMarkBytes(bytes) != static_cast<int64_t>(bytes.size()) ||
      Get<uint64_t>(bytes, kMarkChecksumAt) != MarkChecksum(bytes)) {
    return std::nullopt;
  }
  const size_t before_bytes = Get<uint32_t>(bytes, 96);
  const size_t after_bytes = Get<uint32_t>(bytes, 100);
  const auto before =
      LedgerCounts::Decode(bytes.substr(kCursorMarkHeadBytes, before_bytes));
  const auto after = LedgerCounts::Decode(
      bytes.substr(kCursorMarkHeadBytes + before_bytes, after_bytes));
  if (!before.ok() || !after.ok()) return std::nullopt;

  const auto position_at = [bytes](size_t at, const LedgerCounts& counts) {
    return CursorPosition{.offset = Get<Offset>(bytes, at),
                          .output = {.device = Get<uint64_t>(bytes, 104),
                                     .inode = Get<uint64_t>(bytes, 112),
                                     .size_bytes = Get<int64_t>(bytes, at + 8)},
                          .counts = HandlerCounts::FromLedger(counts)};
  };
  EncodedCursorMark found{.generation = Get<uint64_t>(bytes, 16),
                          .boot_id = BootIdIn(bytes),
                          .mark = {.before = position_at(64, *before),
                                   .after = position_at(80, *after)}};
  for (size_t at = kCursorMarkHeadBytes + before_bytes + after_bytes;
       at < bytes.size(); at += kPieceBytes) {
    found.mark.pieces.push_back(
        {Get<int64_t>(bytes, at), Get<uint64_t>(bytes, at + sizeof(int64_t))});
  }
  return found;
}

}  // namespace logboom
