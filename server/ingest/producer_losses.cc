#include "server/ingest/producer_losses.h"

#include <algorithm>
#include <cstddef>

namespace logboom {
namespace {

LossReason ReasonOf(size_t loss) {
  return static_cast<LossReason>(
      static_cast<size_t>(LossReason::kLostByProducerBufferFull) + loss);
}

static_assert(static_cast<int>(LossReason::kLostByProducerForked) -
                  static_cast<int>(LossReason::kLostByProducerBufferFull) + 1 ==
              kProducerLossCount);

// Calls `use` with each reason and its count, other reasons last.
template <typename Use>
void ForEachLoss(const BatchSummary& summary, Use use) {
  uint64_t left = std::min(summary.lost_records, kMostLostClaimed);
  for (size_t i = 0; i < summary.lost_for.size() && left > 0; ++i) {
    const uint64_t count = std::min(summary.lost_for[i], left);
    if (count > 0) use(ReasonOf(i), count);
    left -= count;
  }
  if (left > 0) use(LossReason::kLostByProducer, left);
}

}  // namespace

LedgerCounts LostByProducer(const BatchSummary& summary) {
  LedgerCounts lost;
  ForEachLoss(summary, [&](LossReason reason, uint64_t count) {
    lost.Add(LossReasonName(reason), count);
  });
  return lost;
}

void CountLostByProducer(const BatchSummary& summary, LossLedger* ledger) {
  ForEachLoss(summary, [&](LossReason reason, uint64_t count) {
    ledger->Count(reason, static_cast<int64_t>(count));
  });
}

void AddLostByProducer(const BatchSummary& from, BatchSummary* to) {
  to->lost_records += std::min(from.lost_records, kMostLostClaimed);
  for (size_t i = 0; i < from.lost_for.size(); ++i) {
    to->lost_for[i] += std::min(from.lost_for[i], kMostLostClaimed);
  }
}

}  // namespace logboom
