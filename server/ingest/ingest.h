#ifndef LOGBOOM_SERVER_INGEST_INGEST_H_
#define LOGBOOM_SERVER_INGEST_INGEST_H_

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/strings/cord.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/admission.h"
#include "server/ingest/ingest_options.h"
#include "server/journal/journal.h"
#include "server/journal/loss_ledger.h"

namespace logboom {

// Who sends a batch: the session's part of every entry.
struct IngestSession {
  EntryKind kind = EntryKind::kNative;  // of its batches
  bool anonymous = true;
  ProducerId producer_id{};
  uint64_t epoch = 0;
  absl::Cord resource;
  AckDepth depth = AckDepth::kSynced;
  // It cannot send again: its batches wait while the disk fails.
  bool keep_on_failure = false;
};

// The one door all protocols use: numbers a checked batch, appends it to the
// journal and says when it is durable. What waits for that is charged to
// admission(), where gRPC's calls ask for room before they read.
//
// Thread-safe.
class Ingest {
 public:
  // `journal` must outlive this object and have called every `done`
  // (Journal::Stop) before it goes. `clock` is admission's.
  Ingest(IngestOptions options, Journal* journal,
         std::function<absl::Time()> clock = absl::Now);

  // Stores one batch that CheckBatch accepted; `summary` is what it returned.
  // `payload` is journalled as it is. `skipped_sequences` are missing before
  // it: they are counted with it, as is what the producer says it lost. `done`
  // is called once, on the journal's thread, at the session's depth.
  void Append(const IngestSession& session, const BatchSummary& summary,
              uint64_t skipped_sequences, absl::Cord payload,
              Journal::Done done);

  // Stores that the session's batch `sequence` was refused, so that its number
  // stays used, and counts it. Others as Append().
  void AppendRejection(const IngestSession& session, uint64_t sequence,
                       uint64_t skipped_sequences, Journal::Done done);

  // Journal::FindLastSequence of the session's producer.
  void FindLastSequence(const IngestSession& session,
                        Journal::LastSequence found);

  // Over all protocols; holds at most `ingest_bytes` (see there).
  Admission& admission() { return admission_; }

  // Records taken since start.
  int64_t accepted_records() const;

  const IngestOptions& options() const { return options_; }
  LossLedger& ledger() { return journal_.ledger(); }

 private:
  void AppendEntry(PendingEntry entry, AckDepth depth, const LedgerCounts& lost,
                   Journal::Done done);
  // Charges `bytes` until the returned callback, which wraps `done`,
  // has run.
  Journal::Done Charge(int64_t bytes, Journal::Done done);

  const IngestOptions options_;
  Journal& journal_;
  Admission admission_;
  std::atomic<int64_t> accepted_records_{0};
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_INGEST_H_
