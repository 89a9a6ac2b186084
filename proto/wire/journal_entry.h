#ifndef LOGBOOM_PROTO_WIRE_JOURNAL_ENTRY_H_
#define LOGBOOM_PROTO_WIRE_JOURNAL_ENTRY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// The bytes of a segment and of its entries, as proto/FORMAT.md § 2 and § 3
// have them. Pure functions, thread-safe; no I/O. The journal and the client's
// spool share them.

// The number of a record since the journal began; its stable identity.
using Offset = uint64_t;

using JournalId = std::array<uint8_t, 16>;
using ProducerId = std::array<uint8_t, 16>;

enum class EntryKind : uint8_t {
  kNative = 1,         // a LogBatch
  kOtlp = 2,           // an ExportLogsServiceRequest
  kProducerTable = 3,  // a ProducerSnapshot; no records
  kNotice = 4,         // a used-up sequence or ledger counts; no records
};

inline constexpr size_t kSegmentHeaderBytes = 64;
// Where the entries begin: behind both copies of the segment's header.
inline constexpr int64_t kFirstEntryByte = 128;
inline constexpr size_t kEntryHeaderBytes = 128;
inline constexpr size_t kEntryAlignment = 8;

struct SegmentHeader {
  JournalId journal_id{};
  uint64_t number = 0;
  Offset first_offset = 0;
  uint64_t created_unix_nano = 0;
};

// Both copies, as a segment begins.
std::array<char, kFirstEntryByte> EncodeSegmentHeader(
    const SegmentHeader& header);

// Reads the first kFirstEntryByte bytes of a segment: the first copy, or the
// second when the first one's checksum fails.
// Errors: DATA_LOSS, neither copy is whole; FAILED_PRECONDITION, a whole header
// of a format version this program does not know.
absl::StatusOr<SegmentHeader> DecodeSegmentHeader(absl::string_view bytes);

struct EntryHeader {
  EntryKind kind = EntryKind::kNative;
  bool anonymous = false;
  uint32_t resource_bytes = 0;
  uint32_t payload_bytes = 0;
  uint32_t ledger_bytes = 0;
  uint32_t record_count = 0;
  uint32_t severities = 0;  // bit n: a record has severity_number n
  Offset first_offset = 0;  // of its first record; without records: of the next
  uint64_t received_unix_nano = 0;
  ProducerId producer_id{};
  uint64_t session_epoch = 0;
  uint64_t sequence = 0;
  uint64_t min_time_unix_nano = 0;  // 0: no record has a time
  uint64_t max_time_unix_nano = 0;
  uint64_t body_checksum = 0;
  // Bytes of the file that were durable before this entry was written; 0: not
  // known.
  uint64_t synced_end = 0;

  int64_t body_bytes() const {
    return int64_t{resource_bytes} + payload_bytes + ledger_bytes;
  }
  // With header and the zeros behind it: the next entry starts there.
  int64_t entry_bytes() const;
  // Offset of the record behind its last one.
  Offset end_offset() const { return first_offset + record_count; }
};

// The seed of both checksums of the entry at byte `position` of its file. Bytes
// that only look like an entry, another journal's entries and displaced ones
// have another.
uint64_t EntrySeed(const JournalId& journal_id, int64_t position);

std::array<char, kEntryHeaderBytes> EncodeEntryHeader(const EntryHeader& header,
                                                      uint64_t seed);

// Whether the first bytes are the magic of an entry: the cheap half of looking
// for one. `bytes` has at least 4.
bool HasEntryMagic(absl::string_view bytes);

// The header in the first kEntryHeaderBytes of `bytes`; nullopt when they are
// not one. The body is not looked at.
std::optional<EntryHeader> DecodeEntryHeader(absl::string_view bytes,
                                             uint64_t seed);

// One entry as a reader sees it. Points into the reader's buffer.
struct JournalEntry {
  EntryHeader header;
  absl::string_view resource;
  absl::string_view payload;
  absl::string_view ledger;
};

// The parts of a whole entry; `bytes` has all entry_bytes() of it. DATA_LOSS
// when the body's checksum fails.
absl::StatusOr<JournalEntry> DecodeEntryBody(const EntryHeader& header,
                                             absl::string_view bytes,
                                             uint64_t seed);

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_JOURNAL_ENTRY_H_
