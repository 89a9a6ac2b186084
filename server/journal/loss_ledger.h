#ifndef LOGBOOM_SERVER_JOURNAL_LOSS_LEDGER_H_
#define LOGBOOM_SERVER_JOURNAL_LOSS_LEDGER_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// Why something was not stored, or not shown as its producer meant it.
enum class LossReason {
  kFrameNotDecodable,  // raw TCP: neither a pickle nor protobuf, or broken
  kFrameTooLarge,      // raw TCP: over limits.frame_bytes, skipped
  kFrameCut,           // raw TCP: the connection ended inside a frame
  kTcpBufferFull,      // raw TCP: limits.tcp_buffer_bytes reached
  kNotStored,          // raw TCP: the journal could not be written
  kBatchRejected,      // Publish: refused with a Rejected; counts batches
  kSequenceGap,        // Publish: sequences a producer skipped
  kLostByProducer,     // records a producer says it dropped
  kJournalDamaged,     // records missing where the journal is damaged
};
inline constexpr int kLossReasonCount = 9;

// The reason in lower_snake: "frame_not_decodable". The names are stored
// (proto/logboom/v1/journal.proto) and never change.
absl::string_view LossReasonName(LossReason reason);

// Every loss, counted by reason since the server started. Thread-safe; counting
// is one relaxed addition.
class LossLedger {
 public:
  void Count(LossReason reason, int64_t count = 1) {
    counts_[static_cast<size_t>(reason)].fetch_add(count,
                                                   std::memory_order_relaxed);
  }
  int64_t count(LossReason reason) const {
    return counts_[static_cast<size_t>(reason)].load(std::memory_order_relaxed);
  }

  // "frame_not_decodable 3, frame_cut 1": what is not zero; "none".
  std::string ToString() const;

 private:
  std::array<std::atomic<int64_t>, kLossReasonCount> counts_{};
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_LOSS_LEDGER_H_
