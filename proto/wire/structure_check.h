#ifndef LOGBOOM_PROTO_WIRE_STRUCTURE_CHECK_H_
#define LOGBOOM_PROTO_WIRE_STRUCTURE_CHECK_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/producer_loss.h"

namespace logboom {

// The ingest check: whether encoded bytes are well-formed all the way down, in
// one pass, without building anything. What passes here decodes in full later,
// so that a reader of the journal never meets a half-readable record.
//
// Well-formed means: every tag, length and varint whole, inside its parent, at
// most kMaxValueDepth values nested in one another. Unknown fields are
// accepted, and so are known numbers with another wire type, which count as
// unknown; strings are not checked for UTF-8 (record.proto says why).
//
// Stricter than protobuf's parser in two things: groups, and tags whose number
// needs more than 32 bits, are malformed. Recursion is bounded by the depth.

inline constexpr int kMaxValueDepth = 100;

struct BatchSummary {
  uint32_t record_count = 0;
  uint64_t sequence = 0;      // 0: absent
  uint64_t lost_records = 0;  // sum of `lost`, saturating
  // The part of it with each ProducerLoss for a reason; the rest has others.
  std::array<uint64_t, kProducerLossCount> lost_for{};
  // Bit n: a record with severity_number n, 0...24; bit 0 stands for any other
  // number too, since its severity is to be derived likewise.
  uint32_t severities = 0;
  uint64_t min_time_unix_nano = 0;  // over records that have a time; 0: none
  uint64_t max_time_unix_nano = 0;
};

// Errors: INVALID_ARGUMENT, naming the record's index (from 0) and the byte of
// the batch where the malformed field starts.
absl::StatusOr<BatchSummary> CheckBatch(absl::string_view batch);

// Records that are malformed inside, in a request that is whole around them.
struct MalformedRecords {
  uint32_t count = 0;
  absl::Status first;  // where, and what is wrong, of the first one
};

// The same for an ExportLogsServiceRequest (OTLP): resources and scopes too.
// A malformed record, or one whose values are nested too deeply, is counted in
// `malformed` and is not in the summary (proto/wire/otlp_repair.h leaves such
// records out); with null, or when no record is good, it fails the check.
// Errors: INVALID_ARGUMENT, naming the place ("resource_logs 0, scope_logs 2,
// record 7", from 0, each within its parent) and the byte of the request.
absl::StatusOr<BatchSummary> CheckExport(absl::string_view request,
                                         MalformedRecords* malformed = nullptr);

// The same for one LogRecord.
absl::Status CheckRecord(absl::string_view record);

// What CheckBatch would say of a batch of this one record. The record is known
// to be well-formed, with no field of it twice but attributes, being written by
// this program: what it holds is not looked at.
BatchSummary SummaryOfRecord(absl::string_view record);

// The same as CheckRecord for a Resource.
absl::Status CheckResource(absl::string_view resource);

// The `sequence` of a batch that CheckBatch refuses; 0 when it cannot be read.
// Damage inside a record or a `lost` of whole length is passed over; beyond
// damage to the batch's own fields nothing is guessed (a severity_number looks
// just like a sequence, and a wrong one would cost later batches).
uint64_t FindSequence(absl::string_view batch);

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_STRUCTURE_CHECK_H_
