#ifndef LOGBOOM_PROTO_WIRE_PRODUCER_LOSS_H_
#define LOGBOOM_PROTO_WIRE_PRODUCER_LOSS_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace logboom {

// Why producers drop records: the reasons of LogBatch.lost that are counted one
// by one. A producer may send any other; those are counted together, so that
// what a peer says never makes a ledger grow.
enum class ProducerLoss {
  kBufferFull,    // its buffer was full, and the call could not wait
  kSpoolFull,     // its spool on disk was full, or failed
  kEncodeFailed,  // the record could not be encoded
  kShutDown,      // the program ended before it was sent, or had ended
  kForked,        // in a child process that forked with it unsent
};
inline constexpr int kProducerLossCount = 5;

// The reason as LogBatch.lost carries it, in lower_snake: "buffer_full".
absl::string_view ProducerLossName(ProducerLoss loss);

// Nullopt: another reason.
std::optional<ProducerLoss> ProducerLossFromName(absl::string_view name);

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_PRODUCER_LOSS_H_
