#ifndef LOGBOOM_CLIENT_SPOOL_LOSSES_H_
#define LOGBOOM_CLIENT_SPOOL_LOSSES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/loss_counts.h"

namespace logboom {

// The losses that a spooled batch reports, as the ledger of its entry holds
// them: an encoded v1.LedgerDelta; empty when there are none.
std::string EncodeSpooledLosses(const LossCounts::Unreported& lost);

// Reasons that this program does not know, and bytes that are not a
// LedgerDelta, are left out.
LossCounts::Unreported DecodeSpooledLosses(absl::string_view ledger);

void AddLosses(const LossCounts::Unreported& from, LossCounts::Unreported* to);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_LOSSES_H_
