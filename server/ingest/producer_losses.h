#ifndef LOGBOOM_SERVER_INGEST_PRODUCER_LOSSES_H_
#define LOGBOOM_SERVER_INGEST_PRODUCER_LOSSES_H_

#include <cstdint>

#include "proto/wire/structure_check.h"
#include "server/journal/ledger_counts.h"
#include "server/journal/loss_ledger.h"

namespace logboom {

// What one batch may say is missing: a peer's claim may not overflow a count.
inline constexpr uint64_t kMostLostClaimed = uint64_t{1} << 32;

// What the producer of a batch says it dropped, under the ledger's names, at
// most kMostLostClaimed records. Pure.
LedgerCounts LostByProducer(const BatchSummary& summary);

// Counts it in the ledger, for a batch that is not stored.
void CountLostByProducer(const BatchSummary& summary, LossLedger* ledger);

// Adds what `from` says to what `to` says; sums of such additions do not wrap.
void AddLostByProducer(const BatchSummary& from, BatchSummary* to);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PRODUCER_LOSSES_H_
