#ifndef LOGBOOM_CLIENT_BATCH_H_
#define LOGBOOM_CLIENT_BATCH_H_

#include <cstdint>

#include "absl/strings/cord.h"
#include "client/loss_counts.h"

namespace logboom {

// What is sent under one sequence.
struct Batch {
  uint64_t sequence = 0;
  int64_t records = 0;
  // The LogBatch's fields but for its sequence: `records`, and behind them the
  // losses it reports, as `lost`. Shares the memory of the chunks it was made
  // of.
  absl::Cord payload;
  LossCounts::Unreported lost;  // what the payload reports
  int64_t memory_bytes = 0;     // that it keeps from being used again
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_BATCH_H_
