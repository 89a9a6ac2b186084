#include "server/ingest/raw/frame_intake.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/diagnostics.h"
#include "base/units.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/producer_losses.h"

namespace logboom {
namespace {

constexpr int kPeerLinesPerMinute = 10;

}  // namespace

FrameIntake::FrameIntake(Ingest* ingest, FrameDecoder::Unpickle unpickle)
    : ingest_(*ingest),
      partial_budget_(
          std::max(options().tcp_buffer_bytes / 2, options().frame_bytes)),
      queue_budget_(
          std::make_shared<ByteBudget>(options().tcp_buffer_bytes / 2)),
      batcher_(ingest, queue_budget_),
      decoder_({.logger = options().tcp_logger,
                .piece_bytes = batcher_.target_bytes()},
               std::move(unpickle)),
      peer_reports_(kPeerLinesPerMinute, absl::Minutes(1)),
      full_reports_(1, absl::Minutes(1)) {}

absl::Status FrameIntake::Take(absl::string_view payload) {
  frames_.fetch_add(1, std::memory_order_relaxed);
  if (queue_budget_->full()) {
    Drop(payload);
    return absl::OkStatus();
  }
  absl::Status decoded = decoder_.Decode(payload, &batcher_);
  if (!decoded.ok()) ingest_.ledger().Count(LossReason::kFrameNotDecodable);
  return decoded;
}

// What a batch says of itself costs little to read and makes the count exact.
void FrameIntake::Drop(absl::string_view payload) {
  int64_t records = 1;
  if (KindOfPayload(payload) == PayloadKind::kBatch) {
    const absl::StatusOr<BatchSummary> summary = CheckBatch(payload);
    if (summary.ok()) {
      records = summary->record_count;
      CountLostByProducer(*summary, &ingest_.ledger());
    }
  }
  CountNoRoom(records);
}

void FrameIntake::CountTooLarge() {
  ingest_.ledger().Count(LossReason::kFrameTooLarge);
}

void FrameIntake::CountNoRoom(int64_t records) {
  ingest_.ledger().Count(LossReason::kTcpBufferFull, records);
  if (!full_reports_.Allow(absl::Now())) return;
  Diagnose(DiagnosticLevel::kWarning,
           full_reports_.WithHeldBack(absl::StrCat(
               "raw TCP: no room in limits.tcp_buffer_bytes (",
               FormatSize(options().tcp_buffer_bytes),
               "); frames are dropped until the journal has caught up")));
}

void FrameIntake::CountCut() { ingest_.ledger().Count(LossReason::kFrameCut); }

void FrameIntake::ReportPeer(absl::string_view text) {
  if (!peer_reports_.Allow(absl::Now())) return;
  Diagnose(DiagnosticLevel::kWarning, peer_reports_.WithHeldBack(text));
}

}  // namespace logboom
