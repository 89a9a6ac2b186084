#include "proto/wire/journal_entry.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/checksum.h"

namespace logboom {
namespace {

static_assert(std::endian::native == std::endian::little,
              "integers are stored as they lie in memory");

constexpr char kSegmentMagic[7] = {'L', 'O', 'G', 'B', 'O', 'O', 'M'};
constexpr uint8_t kFormatVersion = 1;
constexpr size_t kSegmentChecksumAt = 56;

constexpr char kEntryMagic[4] = {'L', 'B', 'e', 'n'};
constexpr size_t kHeaderChecksumAt = 4;
constexpr size_t kHeaderChecksummedFrom = 8;
constexpr uint8_t kAnonymousFlag = 1;

template <typename T>
void Store(char* out, size_t at, const T& value) {
  std::memcpy(out + at, &value, sizeof(T));
}

template <typename T>
T Load(absl::string_view bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

uint32_t HeaderChecksum(const char* header, uint64_t seed) {
  return static_cast<uint32_t>(
      Checksum({header + kHeaderChecksummedFrom,
                kEntryHeaderBytes - kHeaderChecksummedFrom},
               seed));
}

bool IsKind(uint8_t kind) {
  return kind >= static_cast<uint8_t>(EntryKind::kNative) &&
         kind <= static_cast<uint8_t>(EntryKind::kNotice);
}

bool IsWholeSegmentHeader(absl::string_view copy) {
  return std::memcmp(copy.data(), kSegmentMagic, sizeof(kSegmentMagic)) == 0 &&
         Load<uint64_t>(copy, kSegmentChecksumAt) ==
             Checksum(copy.substr(0, kSegmentChecksumAt));
}

}  // namespace

std::array<char, kFirstEntryByte> EncodeSegmentHeader(
    const SegmentHeader& header) {
  std::array<char, kFirstEntryByte> out{};
  std::memcpy(out.data(), kSegmentMagic, sizeof(kSegmentMagic));
  Store(out.data(), 7, kFormatVersion);
  Store(out.data(), 8, header.journal_id);
  Store(out.data(), 24, header.number);
  Store(out.data(), 32, header.first_offset);
  Store(out.data(), 40, header.created_unix_nano);
  Store<uint64_t>(out.data(), kSegmentChecksumAt,
                  Checksum({out.data(), kSegmentChecksumAt}));
  std::memcpy(out.data() + kSegmentHeaderBytes, out.data(),
              kSegmentHeaderBytes);
  return out;
}

absl::StatusOr<SegmentHeader> DecodeSegmentHeader(absl::string_view bytes) {
  for (size_t at = 0;
       at + kSegmentHeaderBytes <= bytes.size() && at < size_t{kFirstEntryByte};
       at += kSegmentHeaderBytes) {
    const absl::string_view copy = bytes.substr(at, kSegmentHeaderBytes);
    if (!IsWholeSegmentHeader(copy)) continue;
    const auto version = Load<uint8_t>(copy, 7);
    if (version != kFormatVersion) {
      return absl::FailedPreconditionError(absl::StrCat(
          "journal format ", version, "; this program knows ", kFormatVersion));
    }
    return SegmentHeader{.journal_id = Load<JournalId>(copy, 8),
                         .number = Load<uint64_t>(copy, 24),
                         .first_offset = Load<uint64_t>(copy, 32),
                         .created_unix_nano = Load<uint64_t>(copy, 40)};
  }
  return absl::DataLossError("neither copy of the segment header is whole");
}

int64_t EntryHeader::entry_bytes() const {
  const int64_t bytes = int64_t{kEntryHeaderBytes} + body_bytes();
  return (bytes + int64_t{kEntryAlignment} - 1) / int64_t{kEntryAlignment} *
         int64_t{kEntryAlignment};
}

uint64_t EntrySeed(const JournalId& journal_id, int64_t position) {
  char bytes[sizeof(JournalId) + sizeof(position)];
  Store(bytes, 0, journal_id);
  Store(bytes, sizeof(JournalId), position);
  return Checksum({bytes, sizeof(bytes)});
}

std::array<char, kEntryHeaderBytes> EncodeEntryHeader(const EntryHeader& header,
                                                      uint64_t seed) {
  std::array<char, kEntryHeaderBytes> bytes{};
  char* out = bytes.data();
  std::memcpy(out, kEntryMagic, sizeof(kEntryMagic));
  Store(out, 8, static_cast<uint8_t>(header.kind));
  Store<uint8_t>(out, 9, header.anonymous ? kAnonymousFlag : 0);
  Store(out, 10, static_cast<uint16_t>(kEntryHeaderBytes));
  Store(out, 12, header.resource_bytes);
  Store(out, 16, header.payload_bytes);
  Store(out, 20, header.ledger_bytes);
  Store(out, 24, header.record_count);
  Store(out, 28, header.severities);
  Store(out, 32, header.first_offset);
  Store(out, 40, header.received_unix_nano);
  Store(out, 48, header.producer_id);
  Store(out, 64, header.session_epoch);
  Store(out, 72, header.sequence);
  Store(out, 80, header.min_time_unix_nano);
  Store(out, 88, header.max_time_unix_nano);
  Store(out, 96, header.body_checksum);
  Store(out, 104, header.synced_end);
  Store(out, kHeaderChecksumAt, HeaderChecksum(out, seed));
  return bytes;
}

bool HasEntryMagic(absl::string_view bytes) {
  return std::memcmp(bytes.data(), kEntryMagic, sizeof(kEntryMagic)) == 0;
}

std::optional<EntryHeader> DecodeEntryHeader(absl::string_view bytes,
                                             uint64_t seed) {
  if (bytes.size() < kEntryHeaderBytes || !HasEntryMagic(bytes) ||
      Load<uint32_t>(bytes, kHeaderChecksumAt) !=
          HeaderChecksum(bytes.data(), seed) ||
      !IsKind(Load<uint8_t>(bytes, 8)) ||
      Load<uint16_t>(bytes, 10) != kEntryHeaderBytes) {
    return std::nullopt;
  }
  return EntryHeader{
      .kind = static_cast<EntryKind>(Load<uint8_t>(bytes, 8)),
      .anonymous = (Load<uint8_t>(bytes, 9) & kAnonymousFlag) != 0,
      .resource_bytes = Load<uint32_t>(bytes, 12),
      .payload_bytes = Load<uint32_t>(bytes, 16),
      .ledger_bytes = Load<uint32_t>(bytes, 20),
      .record_count = Load<uint32_t>(bytes, 24),
      .severities = Load<uint32_t>(bytes, 28),
      .first_offset = Load<uint64_t>(bytes, 32),
      .received_unix_nano = Load<uint64_t>(bytes, 40),
      .producer_id = Load<ProducerId>(bytes, 48),
      .session_epoch = Load<uint64_t>(bytes, 64),
      .sequence = Load<uint64_t>(bytes, 72),
      .min_time_unix_nano = Load<uint64_t>(bytes, 80),
      .max_time_unix_nano = Load<uint64_t>(bytes, 88),
      .body_checksum = Load<uint64_t>(bytes, 96),
      .synced_end = Load<uint64_t>(bytes, 104),
  };
}

absl::StatusOr<JournalEntry> DecodeEntryBody(const EntryHeader& header,
                                             absl::string_view bytes,
                                             uint64_t seed) {
  const absl::string_view body =
      bytes.substr(kEntryHeaderBytes, static_cast<size_t>(header.body_bytes()));
  if (Checksum(body, seed) != header.body_checksum) {
    return absl::DataLossError("the checksum of an entry's body fails");
  }
  return JournalEntry{
      .header = header,
      .resource = body.substr(0, header.resource_bytes),
      .payload = body.substr(header.resource_bytes, header.payload_bytes),
      .ledger =
          body.substr(size_t{header.resource_bytes} + header.payload_bytes)};
}

}  // namespace logboom
