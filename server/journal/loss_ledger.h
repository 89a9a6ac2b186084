#ifndef LOGBOOM_SERVER_JOURNAL_LOSS_LEDGER_H_
#define LOGBOOM_SERVER_JOURNAL_LOSS_LEDGER_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "server/journal/ledger_counts.h"

namespace logboom {

// Why something that came in was not stored, or never came.
enum class LossReason {
  kFrameNotDecodable,  // raw TCP: neither a pickle nor protobuf, or broken
  kFrameTooLarge,      // raw TCP: over limits.frame_bytes, skipped
  kFrameCut,           // raw TCP: the connection ended inside a frame
  kTcpBufferFull,      // raw TCP: limits.tcp_buffer_bytes reached; counts the
                       // records of a whole LogBatch
  kNotStored,          // raw TCP: the server stopped while its disk failed
  kBatchRejected,      // Publish: refused with a Rejected; OTLP: refused for
                       // good; counts batches
  kRecordRejected,     // OTLP: malformed, in a request that was taken
  kSequenceGap,        // Publish: sequences a producer skipped
  kLostByProducer,     // records a producer says it dropped, for a reason
                       // that is none of the following
  kLostByProducerBufferFull,  // in the order of ProducerLoss
  kLostByProducerSpoolFull,
  kLostByProducerEncodeFailed,
  kLostByProducerShutDown,
  kLostByProducerForked,
};
inline constexpr int kLossReasonCount = 14;

// The reason in lower_snake: "frame_not_decodable". The names are stored
// (proto/logboom/v1/journal.proto) and never change.
absl::string_view LossReasonName(LossReason reason);

// Whether these records were lost by their producer, before they came; by the
// reason's name.
bool IsLostByProducer(absl::string_view reason);

// What the service lost on the way in, by reason, since the journal began. A
// frame or batch that could not be read or taken whole counts as one record:
// how many it held cannot be known. The totals live in the journal: what
// belongs to a batch is stored with it; any other count waits here, for at most
// a second, until the journal writes a notice with what waits. A crash before
// that forgets the loss together with its arrival, which nothing else has
// counted.
//
// Thread-safe; counting is one relaxed addition.
class LossLedger {
 public:
  void Count(LossReason reason, int64_t count = 1) {
    waiting_[static_cast<size_t>(reason)].fetch_add(count,
                                                    std::memory_order_relaxed);
  }

  // Of one reason; as totals().
  int64_t count(LossReason reason) const {
    return static_cast<int64_t>(totals().count(LossReasonName(reason)));
  }
  // The sum of what is in the journal and what waits.
  LedgerCounts totals() const ABSL_LOCKS_EXCLUDED(mu_);
  // Of that, what was counted since the journal was opened.
  LedgerCounts since_open() const ABSL_LOCKS_EXCLUDED(mu_);

  // For the journal. What it found when it was opened:
  void Open(const LedgerCounts& totals) ABSL_LOCKS_EXCLUDED(mu_);
  // Takes what waits, to be written; TakeBack when that failed. It counts all
  // the time.
  LedgerCounts Take() ABSL_LOCKS_EXCLUDED(mu_);
  void TakeBack() ABSL_LOCKS_EXCLUDED(mu_);
  // An entry with these counts is durable: after Take() the one with what was
  // taken, else one of its producer's own.
  void Stored(const LedgerCounts& counts) ABSL_LOCKS_EXCLUDED(mu_);
  // The sum of what is in the journal.
  LedgerCounts stored_totals() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  std::array<std::atomic<int64_t>, kLossReasonCount> waiting_{};
  mutable Mutex mu_;
  LedgerCounts opened_with_ ABSL_GUARDED_BY(mu_);
  LedgerCounts stored_ ABSL_GUARDED_BY(mu_);  // since it was opened
  LedgerCounts taken_ ABSL_GUARDED_BY(mu_);   // on the way to stored_
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_LOSS_LEDGER_H_
