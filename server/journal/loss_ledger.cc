#include "server/journal/loss_ledger.h"

#include "absl/strings/match.h"

namespace logboom {

absl::string_view LossReasonName(LossReason reason) {
  switch (reason) {
    case LossReason::kFrameNotDecodable:
      return "frame_not_decodable";
    case LossReason::kFrameTooLarge:
      return "frame_too_large";
    case LossReason::kFrameCut:
      return "frame_cut";
    case LossReason::kTcpBufferFull:
      return "tcp_buffer_full";
    case LossReason::kNotStored:
      return "not_stored";
    case LossReason::kBatchRejected:
      return "batch_rejected";
    case LossReason::kRecordRejected:
      return "record_rejected";
    case LossReason::kSequenceGap:
      return "sequence_gap";
    case LossReason::kLostByProducer:
      return "lost_by_producer";
    case LossReason::kLostByProducerBufferFull:
      return "lost_by_producer.buffer_full";
    case LossReason::kLostByProducerSpoolFull:
      return "lost_by_producer.spool_full";
    case LossReason::kLostByProducerEncodeFailed:
      return "lost_by_producer.encode_failed";
    case LossReason::kLostByProducerShutDown:
      return "lost_by_producer.shut_down";
    case LossReason::kLostByProducerForked:
      return "lost_by_producer.forked";
  }
  return "";
}

bool IsLostByProducer(absl::string_view reason) {
  return reason == "lost_by_producer" ||
         absl::StartsWith(reason, "lost_by_producer.");
}

LedgerCounts LossLedger::since_open() const {
  MutexLock lock(&mu_);
  LedgerCounts counts = stored_;
  counts.Add(taken_);
  for (int i = 0; i < kLossReasonCount; ++i) {
    const auto waiting = static_cast<uint64_t>(
        waiting_[static_cast<size_t>(i)].load(std::memory_order_relaxed));
    counts.Add(LossReasonName(static_cast<LossReason>(i)), waiting);
  }
  return counts;
}

LedgerCounts LossLedger::stored_totals() const {
  MutexLock lock(&mu_);
  LedgerCounts totals = opened_with_;
  totals.Add(stored_);
  return totals;
}

LedgerCounts LossLedger::totals() const {
  LedgerCounts totals = since_open();
  MutexLock lock(&mu_);
  totals.Add(opened_with_);
  return totals;
}

void LossLedger::Open(const LedgerCounts& totals) {
  MutexLock lock(&mu_);
  opened_with_ = totals;
}

LedgerCounts LossLedger::Take() {
  MutexLock lock(&mu_);
  for (int i = 0; i < kLossReasonCount; ++i) {
    const auto count =
        static_cast<uint64_t>(waiting_[static_cast<size_t>(i)].exchange(
            0, std::memory_order_relaxed));
    taken_.Add(LossReasonName(static_cast<LossReason>(i)), count);
  }
  return taken_;
}

void LossLedger::TakeBack() {
  MutexLock lock(&mu_);
  for (int i = 0; i < kLossReasonCount; ++i) {
    const auto reason = static_cast<LossReason>(i);
    Count(reason, static_cast<int64_t>(taken_.count(LossReasonName(reason))));
  }
  taken_ = LedgerCounts();
}

void LossLedger::Stored(const LedgerCounts& counts) {
  MutexLock lock(&mu_);
  stored_.Add(counts);
  taken_ = LedgerCounts();
}

}  // namespace logboom
