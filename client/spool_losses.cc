#include "client/spool_losses.h"

#include "logboom/v1/journal.pb.h"

namespace logboom {

std::string EncodeSpooledLosses(const LossCounts::Unreported& lost) {
  v1::LedgerDelta delta;
  for (int i = 0; i < kProducerLossCount; ++i) {
    const int64_t count = lost.counts[static_cast<size_t>(i)];
    if (count <= 0) continue;
    const absl::string_view name =
        ProducerLossName(static_cast<ProducerLoss>(i));
    v1::LedgerCount& entry = *delta.add_counts();
    entry.set_reason(name.data(), name.size());
    entry.set_count(static_cast<uint64_t>(count));
  }
  return delta.SerializeAsString();
}

LossCounts::Unreported DecodeSpooledLosses(absl::string_view ledger) {
  LossCounts::Unreported lost;
  v1::LedgerDelta delta;
  if (!delta.ParseFromArray(ledger.data(), static_cast<int>(ledger.size()))) {
    return lost;
  }
  for (const v1::LedgerCount& entry : delta.counts()) {
    if (const auto loss = ProducerLossFromName(entry.reason())) {
      lost.counts[static_cast<size_t>(*loss)] +=
          static_cast<int64_t>(entry.count());
    }
  }
  return lost;
}

void AddLosses(const LossCounts::Unreported& from, LossCounts::Unreported* to) {
  for (size_t i = 0; i < to->counts.size(); ++i) {
    to->counts[i] += from.counts[i];
  }
}

}  // namespace logboom
