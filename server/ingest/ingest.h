#ifndef LOGBOOM_SERVER_INGEST_INGEST_H_
#define LOGBOOM_SERVER_INGEST_INGEST_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/strings/cord.h"
#include "base/mutex.h"
#include "proto/wire/structure_check.h"
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
// journal and says when it is durable. It admits by bytes: while more than
// `ingest_bytes` are queued, has_room() is false and protocols start no new
// read.
//
// Thread-safe.
class Ingest {
 public:
  // `journal` must outlive this object and have called every `done`
  // (Journal::Stop) before it goes.
  Ingest(IngestOptions options, Journal* journal);

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

  // Whether another read may be started.
  bool has_room() const;

  // Calls `resume` once, on some thread, when there is room: at once if there
  // is. It must not block.
  void WhenRoom(absl::AnyInvocable<void()> resume) ABSL_LOCKS_EXCLUDED(mu_);

  // Bytes appended and not yet at their depth.
  int64_t queued_bytes() const;
  // Records taken since start.
  int64_t accepted_records() const;

  const IngestOptions& options() const { return options_; }
  LossLedger& ledger() { return journal_.ledger(); }

 private:
  void AppendEntry(PendingEntry entry, AckDepth depth, const LedgerCounts& lost,
                   Journal::Done done);
  // Counts `bytes` as queued until the returned callback, which wraps `done`,
  // has run.
  Journal::Done Charge(int64_t bytes, Journal::Done done);
  void Release(int64_t bytes) ABSL_LOCKS_EXCLUDED(mu_);

  const IngestOptions options_;
  Journal& journal_;
  std::atomic<int64_t> queued_bytes_{0};
  std::atomic<int64_t> accepted_records_{0};
  Mutex mu_;
  std::vector<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_INGEST_H_
