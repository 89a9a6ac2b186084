#include "server/journal/loss_ledger.h"

#include "absl/strings/str_cat.h"

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
    case LossReason::kSequenceGap:
      return "sequence_gap";
    case LossReason::kLostByProducer:
      return "lost_by_producer";
    case LossReason::kJournalDamaged:
      return "journal_damaged";
  }
  return "";
}

std::string LossLedger::ToString() const {
  std::string text;
  for (int i = 0; i < kLossReasonCount; ++i) {
    const auto reason = static_cast<LossReason>(i);
    if (count(reason) == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", LossReasonName(reason),
                    " ", count(reason));
  }
  return text.empty() ? "none" : text;
}

}  // namespace logboom
