#ifndef LOGBOOM_SERVER_INGEST_RAW_FRAME_INTAKE_H_
#define LOGBOOM_SERVER_INGEST_RAW_FRAME_INTAKE_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/ingest/ingest.h"
#include "server/ingest/raw/byte_budget.h"
#include "server/ingest/raw/frame_decoder.h"
#include "server/ingest/raw/record_batcher.h"
#include "server/ingest/raw/report_limiter.h"

namespace logboom {

// What all connections of the raw port share: frames go in, batches of records
// go to Ingest, and what cannot be kept is counted.
//
// Half of limits.tcp_buffer_bytes is for frames that are still coming in, half
// for records that are not yet on disk, so that peers who begin frames and
// never end them take no room from the others' records. The first is never less
// than limits.frame_bytes, and the second may be passed by one frame: the
// largest frame allowed fits into any buffer.
//
// One thread but for frames().
class FrameIntake {
 public:
  // `ingest` must outlive this object and the appends it made.
  FrameIntake(Ingest* ingest, FrameDecoder::Unpickle unpickle);

  // Takes one whole frame, or drops it when the buffer is full: a LogBatch
  // counts with all its records.
  // Errors: as FrameDecoder::Decode; counted.
  absl::Status Take(absl::string_view payload);

  // Counts a frame that was skipped for its size, for want of room, or cut by
  // the connection's end: as one record, since nobody knows what it held.
  void CountTooLarge();
  void CountNoRoom() { CountNoRoom(1); }
  void CountCut();

  // One diagnostic line about a peer, unless there have been too many lately.
  void ReportPeer(absl::string_view text);

  // Hands on what has been taken.
  void Flush() { batcher_.Flush(); }

  const IngestOptions& options() const { return ingest_.options(); }
  // For frames still coming in.
  ByteBudget* partial_budget() { return &partial_budget_; }
  // Whole frames that have come. Thread-safe.
  int64_t frames() const { return frames_.load(std::memory_order_relaxed); }

 private:
  void Drop(absl::string_view payload);
  void CountNoRoom(int64_t records);

  Ingest& ingest_;
  ByteBudget partial_budget_;
  const std::shared_ptr<ByteBudget> queue_budget_;  // appends outlive this
  RecordBatcher batcher_;
  FrameDecoder decoder_;
  ReportLimiter peer_reports_;
  ReportLimiter full_reports_;
  std::atomic<int64_t> frames_{0};
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_FRAME_INTAKE_H_
