#include "server/ingest/raw/frame_decoder.h"

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "proto/wire/record_view.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

// Scratch beyond this is given back after the frame that needed it.
constexpr size_t kKeptScratchBytes = size_t{256} << 10;

absl::Status UnknownPayload(absl::string_view payload) {
  if (payload.empty()) {
    return absl::InvalidArgumentError("a frame of length 0");
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("neither a pickle nor protobuf: the first byte is 0x%02X",
                      static_cast<unsigned char>(payload.front())));
}

void Empty(std::string* scratch) {
  if (scratch->capacity() > kKeptScratchBytes) *scratch = std::string();
  scratch->clear();
}

}  // namespace

PayloadKind KindOfPayload(absl::string_view payload) {
  if (payload.empty()) return PayloadKind::kUnknown;
  switch (static_cast<unsigned char>(payload[0])) {
    case 0x7D:  // '}' EMPTY_DICT: protocol 1
    case 0x28:  // '(' MARK: protocol 0
    case 0x63:  // 'c' GLOBAL: protocols 0 and 1
      return PayloadKind::kPickle;
    case 0x80:  // PROTO, then its number
      return payload.size() > 1 && payload[1] >= 2 && payload[1] <= 5
                 ? PayloadKind::kPickle
                 : PayloadKind::kUnknown;
    case 0x0A:
      return PayloadKind::kBatch;
    case 0x09:  // time_unix_nano
    case 0x10:  // severity_number
    case 0x1A:  // severity_text
    case 0x2A:  // body
    case 0x32:  // attributes
    case 0x38:  // dropped_attributes_count
    case 0x45:  // flags
    case 0x4A:  // trace_id
    case 0x52:  // span_id
    case 0x59:  // observed_time_unix_nano
    case 0x62:  // event_name
    case 0x70:  // levelno
    case 0x7A:  // logger
      return PayloadKind::kRecord;
    default:
      return PayloadKind::kUnknown;
  }
}

FrameDecoder::FrameDecoder(FrameDecoderOptions options, Unpickle unpickle)
    : options_(std::move(options)), unpickle_(std::move(unpickle)) {}

absl::Status FrameDecoder::Decode(absl::string_view payload, RecordSink* sink) {
  Empty(&elements_);
  switch (KindOfPayload(payload)) {
    case PayloadKind::kPickle:
      return DecodePickle(payload, sink);
    case PayloadKind::kBatch:
      return DecodeBatch(payload, sink);
    case PayloadKind::kRecord:
      return DecodeRecord(payload, sink);
    case PayloadKind::kUnknown:
      break;
  }
  return UnknownPayload(payload);
}

absl::Status FrameDecoder::DecodePickle(absl::string_view pickle,
                                        RecordSink* sink) {
  MessageWriter batch(&elements_);
  const OpenField element = batch.Begin(kBatchRecordsField);
  LOGBOOM_RETURN_IF_ERROR(unpickle_(pickle, &elements_));
  const BatchSummary summary =
      SummaryOfRecord(absl::string_view(elements_).substr(element.body_begin));
  batch.End(element);
  sink->AddRecords(elements_, summary);
  return absl::OkStatus();
}

// The record alone is checked first: with a logger appended it could be
// well-formed by accident.
absl::Status FrameDecoder::DecodeRecord(absl::string_view record,
                                        RecordSink* sink) {
  if (!options_.logger.empty()) LOGBOOM_RETURN_IF_ERROR(CheckRecord(record));
  AppendElement(record);
  return HandOn(BatchSummary(), sink);
}

absl::Status FrameDecoder::DecodeBatch(absl::string_view batch,
                                       RecordSink* sink) {
  LOGBOOM_ASSIGN_OR_RETURN(BatchSummary summary, CheckBatch(batch));
  if (batch.size() > options_.piece_bytes) {
    return HandOnPieces(batch, std::move(summary), sink);
  }
  TagIterator tag(batch);
  while (tag.NextBytes(kBatchRecordsField)) AppendElement(tag.bytes());
  summary.sequence = 0;
  sink->AddRecords(elements_, summary);
  return absl::OkStatus();
}

absl::Status FrameDecoder::HandOnPieces(absl::string_view batch,
                                        BatchSummary lost, RecordSink* sink) {
  TagIterator tag(batch);
  while (tag.NextBytes(kBatchRecordsField)) {
    if (!elements_.empty() &&
        elements_.size() + tag.bytes().size() > options_.piece_bytes) {
      LOGBOOM_RETURN_IF_ERROR(HandOn(std::exchange(lost, {}), sink));
      elements_.clear();
    }
    AppendElement(tag.bytes());
  }
  return HandOn(lost, sink);
}

// As python_record does with a pickle: the record goes where options_.logger
// says, and its own name stays what `%(name)s` prints (proto/FORMAT.md section
// 6.1). Both fields are put behind the record's bytes; the last `logger` wins.
void FrameDecoder::AppendElement(absl::string_view record) {
  MessageWriter batch(&elements_);
  if (options_.logger.empty()) {
    batch.Bytes(kBatchRecordsField, record);
    return;
  }
  const absl::StatusOr<RecordView> view = RecordView::Parse(record);
  const OpenField element = batch.Begin(kBatchRecordsField);
  elements_.append(record.data(), record.size());
  RecordWriter writer(&elements_);
  writer.Attribute("python.name", view.ok() && !view->logger.empty()
                                      ? view->logger
                                      : absl::string_view("root"));
  writer.Logger(options_.logger);
  batch.End(element);
}

absl::Status FrameDecoder::HandOn(const BatchSummary& lost, RecordSink* sink) {
  LOGBOOM_ASSIGN_OR_RETURN(BatchSummary summary, CheckBatch(elements_));
  summary.lost_records = lost.lost_records;
  summary.lost_for = lost.lost_for;
  sink->AddRecords(elements_, summary);
  return absl::OkStatus();
}

}  // namespace logboom
