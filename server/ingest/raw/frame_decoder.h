#ifndef LOGBOOM_SERVER_INGEST_RAW_FRAME_DECODER_H_
#define LOGBOOM_SERVER_INGEST_RAW_FRAME_DECODER_H_

#include <cstddef>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/wire/structure_check.h"

namespace logboom {

// What a raw frame holds, by its first byte (proto/FORMAT.md section 5).
enum class PayloadKind {
  kPickle,
  kBatch,    // an encoded LogBatch
  kRecord,   // an encoded LogRecord
  kUnknown,  // not decodable; the empty payload too
};
PayloadKind KindOfPayload(absl::string_view payload);

// Takes decoded records.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  // One or more elements of a LogBatch's `records`, encoded with their tags;
  // `summary` is what CheckBatch says of them, but for what it says is lost,
  // which is the frame's. Valid during the call.
  virtual void AddRecords(absl::string_view records,
                          const BatchSummary& summary) = 0;
};

struct FrameDecoderOptions {
  // Re-emit every record under this logger; '' keeps each record's own. The
  // unpickler given below does so by itself.
  std::string logger;
  // A LogBatch is handed on in pieces of about this size; a larger record is a
  // piece of its own.
  size_t piece_bytes = size_t{1} << 20;
};

// Turns frames into records of the one form that is journalled. Nothing is
// re-encoded: protobuf goes on byte for byte, and only a pickle is written
// anew.
//
// One thread.
class FrameDecoder {
 public:
  // Appends the LogRecord that a pickle stands for, well-formed as CheckRecord
  // has it, to `record`. Errors:
  // INVALID_ARGUMENT or RESOURCE_EXHAUSTED, what is wrong with the pickle.
  using Unpickle = absl::AnyInvocable<absl::Status(absl::string_view pickle,
                                                   std::string* record)>;

  FrameDecoder(FrameDecoderOptions options, Unpickle unpickle);

  // Hands the frame's records to `sink`, in their order. Errors:
  // INVALID_ARGUMENT or RESOURCE_EXHAUSTED, what is wrong with the payload;
  // then `sink` got nothing.
  absl::Status Decode(absl::string_view payload, RecordSink* sink);

 private:
  absl::Status DecodePickle(absl::string_view pickle, RecordSink* sink);
  absl::Status DecodeRecord(absl::string_view record, RecordSink* sink);
  absl::Status DecodeBatch(absl::string_view batch, RecordSink* sink);
  // The first piece carries what `lost` says is lost.
  absl::Status HandOnPieces(absl::string_view batch, BatchSummary lost,
                            RecordSink* sink);

  void AppendElement(absl::string_view record);
  absl::Status HandOn(const BatchSummary& lost, RecordSink* sink);

  const FrameDecoderOptions options_;
  Unpickle unpickle_;
  std::string elements_;  // what the next AddRecords gets
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_FRAME_DECODER_H_
