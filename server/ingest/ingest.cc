#include "server/ingest/ingest.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "server/ingest/producer_losses.h"

namespace logboom {
namespace {

PendingEntry EntryOf(const IngestSession& session) {
  PendingEntry entry;
  entry.kind = session.kind;
  entry.anonymous = session.anonymous;
  entry.producer_id = session.producer_id;
  entry.session_epoch = session.epoch;
  entry.resource = session.resource;
  entry.received = absl::Now();
  entry.keep_on_failure = session.keep_on_failure;
  return entry;
}

}  // namespace

Ingest::Ingest(IngestOptions options, Journal* journal,
               std::function<absl::Time()> clock)
    : options_(std::move(options)),
      journal_(*journal),
      admission_(options_.ingest_bytes, std::move(clock)) {}

void Ingest::Append(const IngestSession& session, const BatchSummary& summary,
                    uint64_t skipped_sequences, absl::Cord payload,
                    Journal::Done done) {
  PendingEntry entry = EntryOf(session);
  entry.sequence = session.anonymous ? 0 : summary.sequence;
  entry.record_count = summary.record_count;
  entry.severities = summary.severities;
  entry.min_time_unix_nano = summary.min_time_unix_nano;
  entry.max_time_unix_nano = summary.max_time_unix_nano;
  entry.payload = std::move(payload);
  LedgerCounts lost = LostByProducer(summary);
  lost.Add(LossReasonName(LossReason::kSequenceGap),
           std::min(skipped_sequences, kMostLostClaimed));
  accepted_records_.fetch_add(summary.record_count, std::memory_order_relaxed);
  AppendEntry(std::move(entry), session.depth, lost, std::move(done));
}

void Ingest::AppendRejection(const IngestSession& session, uint64_t sequence,
                             uint64_t skipped_sequences, Journal::Done done) {
  PendingEntry entry = EntryOf(session);
  entry.kind = EntryKind::kNotice;
  entry.sequence = sequence;
  LedgerCounts lost;
  lost.Add(LossReasonName(LossReason::kBatchRejected), 1);
  lost.Add(LossReasonName(LossReason::kSequenceGap),
           std::min(skipped_sequences, kMostLostClaimed));
  AppendEntry(std::move(entry), session.depth, lost, std::move(done));
}

void Ingest::AppendEntry(PendingEntry entry, AckDepth depth,
                         const LedgerCounts& lost, Journal::Done done) {
  if (!lost.empty()) entry.ledger = lost.Encode();
  const auto bytes = static_cast<int64_t>(entry.size_bytes());
  journal_.Append(std::move(entry), depth, Charge(bytes, std::move(done)));
}

void Ingest::FindLastSequence(const IngestSession& session,
                              Journal::LastSequence found) {
  journal_.FindLastSequence(session.producer_id, session.epoch,
                            std::move(found));
}

int64_t Ingest::accepted_records() const {
  return accepted_records_.load(std::memory_order_relaxed);
}

Journal::Done Ingest::Charge(int64_t bytes, Journal::Done done) {
  admission_.Charge(bytes);
  return [this, bytes,
          done = std::move(done)](absl::StatusOr<Offset> stored) mutable {
    done(std::move(stored));
    admission_.Release(bytes);
  };
}

}  // namespace logboom
