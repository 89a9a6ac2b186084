#include "server/journal/committer.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

void Answer(QueuedEntry* queued, absl::StatusOr<Offset> answer) {
  if (queued->done) std::exchange(queued->done, nullptr)(std::move(answer));
}

// Answers those entries that need no more than `reached`.
void AnswerAll(absl::Span<QueuedEntry> run, Offset first, AckDepth reached) {
  for (QueuedEntry& queued : run) {
    if (reached == AckDepth::kSynced || queued.depth == AckDepth::kWritten) {
      Answer(&queued, first);
    }
    first += queued.entry.record_count;
  }
}

Offset EndOffset(absl::Span<const QueuedEntry> run, Offset first) {
  for (const QueuedEntry& queued : run) first += queued.entry.record_count;
  return first;
}

absl::Status DiskFails() {
  return absl::UnavailableError("the journal's disk fails");
}

}  // namespace

Committer::Committer(FileSystem* files, const JournalOptions& options,
                     RecoveredJournal recovered,
                     std::shared_ptr<JournalHead> head, LossLedger* ledger)
    : options_(options),
      head_(std::move(head)),
      ledger_(*ledger),
      producers_(std::move(recovered.producers)),
      next_offset_(recovered.next_offset),
      segments_(files, options.path, options.segment_bytes, &recovered, head_),
      unmarked_(!recovered.stopped_in_order),
      has_snapshot_(recovered.has_snapshot) {}

bool Committer::Commit(CommitGroup* group) {
  if (absl::Now() < backoff_.retry_at() || !CommitKept().ok()) {
    Refuse(group);
    return false;
  }
  absl::Span<QueuedEntry> entries = absl::MakeSpan(group->entries);
  if (!CommitAll(&entries).ok()) {
    RefuseEntries(entries);
    group->entries.clear();
    Refuse(group);
    return false;
  }
  for (QueuedLookup& lookup : group->lookups) {
    lookup.found(producers_.LastSequence(lookup.producer, lookup.epoch));
  }
  return true;
}

absl::Status Committer::CommitKept() {
  absl::Span<QueuedEntry> left = absl::MakeSpan(kept_);
  const absl::Status status = CommitAll(&left);
  kept_.erase(kept_.begin(), kept_.end() - static_cast<ptrdiff_t>(left.size()));
  return status;
}

absl::Status Committer::CommitAll(absl::Span<QueuedEntry>* entries) {
  while (!entries->empty()) {
    absl::Status status =
        EnsureRoom(SegmentWriter::BytesOf(entries->front().entry));
    const size_t count = status.ok() ? CountFitting(*entries) : 0;
    if (status.ok()) status = CommitRun(entries->first(count));
    if (!status.ok()) {
      Abandon(status);
      return status;
    }
    entries->remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::Status Committer::CommitRun(absl::Span<QueuedEntry> run) {
  Offset offset = next_offset_;
  for (const QueuedEntry& queued : run) {
    segments_.writer().Stage(queued.entry, offset);
    offset += queued.entry.record_count;
  }
  LOGBOOM_RETURN_IF_ERROR(segments_.writer().Write());
  AnswerAll(run, next_offset_, AckDepth::kWritten);
  LOGBOOM_RETURN_IF_ERROR(segments_.writer().Sync());
  const Offset first = std::exchange(next_offset_, offset);
  unmarked_ = true;
  backoff_.Succeeded();
  for (const QueuedEntry& queued : run) NoteStored(queued.entry);
  // First: who is told that a record is synced finds it with a reader.
  head_->Publish(next_offset_, segments_.writer().synced_end());
  AnswerAll(run, first, AckDepth::kSynced);
  return absl::OkStatus();
}

void Committer::NoteStored(const PendingEntry& entry) {
  producers_.Stored({.anonymous = entry.anonymous,
                     .received_unix_nano = static_cast<uint64_t>(
                         absl::ToUnixNanos(entry.received)),
                     .producer_id = entry.producer_id,
                     .session_epoch = entry.session_epoch,
                     .sequence = entry.sequence});
  if (entry.ledger.empty()) return;
  const auto counts = LedgerCounts::Decode(std::string(entry.ledger));
  if (counts.ok()) ledger_.Stored(*counts);
}

void Committer::Refuse(CommitGroup* group) {
  RefuseEntries(absl::MakeSpan(group->entries));
  for (QueuedLookup& lookup : group->lookups) lookup.found(DiskFails());
}

void Committer::RefuseEntries(absl::Span<QueuedEntry> entries) {
  const auto answered =
      std::find_if(entries.rbegin(), entries.rend(),
                   [](const QueuedEntry& queued) { return !queued.done; });
  const auto to_keep = static_cast<size_t>(entries.rend() - answered);
  std::vector<QueuedEntry*> failed;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i < to_keep || entries[i].entry.keep_on_failure) {
      kept_.push_back(std::move(entries[i]));
    } else {
      failed.push_back(&entries[i]);
    }
  }
  for (QueuedEntry* queued : failed) Answer(queued, DiskFails());
}

absl::Time Committer::retry_at() const {
  return kept_.empty() ? absl::InfiniteFuture() : backoff_.retry_at();
}

absl::Status Committer::EnsureRoom(int64_t bytes) {
  if (segments_.HasRoom(bytes)) return absl::OkStatus();
  LOGBOOM_RETURN_IF_ERROR(segments_.Roll(next_offset_, Snapshot(), bytes));
  ++segments_begun_;
  has_snapshot_ = true;
  return absl::OkStatus();
}

std::vector<PendingEntry> Committer::Snapshot() {
  const absl::Time now = absl::Now();
  producers_.ForgetBefore(now - options_.forget_producers);
  std::vector<PendingEntry> entries;
  for (std::string& part : producers_.Encode()) {
    entries.push_back({.kind = EntryKind::kProducerTable,
                       .anonymous = true,
                       .received = now,
                       .payload = absl::Cord(std::move(part))});
  }
  entries.front().ledger = absl::Cord(ledger_.stored_totals().Encode());
  return entries;
}

size_t Committer::CountFitting(absl::Span<const QueuedEntry> entries) const {
  int64_t bytes = 0;
  size_t count = 0;
  for (const QueuedEntry& queued : entries) {
    bytes += SegmentWriter::BytesOf(queued.entry);
    if (!segments_.HasRoom(bytes)) break;
    ++count;
  }
  return count;
}

void Committer::WriteLedger() {
  if (!kept_.empty() || absl::Now() < backoff_.retry_at()) return;
  const LedgerCounts waiting = ledger_.Take();
  if (waiting.empty()) return;
  if (!WriteNotice(waiting).ok()) ledger_.TakeBack();
}

absl::Status Committer::WriteNotice(const LedgerCounts& counts) {
  QueuedEntry notice;
  notice.entry.kind = EntryKind::kNotice;
  notice.entry.anonymous = true;
  notice.entry.received = absl::Now();
  if (!counts.empty()) notice.entry.ledger = absl::Cord(counts.Encode());
  absl::Span<QueuedEntry> entries = absl::MakeSpan(&notice, 1);
  return CommitAll(&entries);
}

void Committer::Finish() {
  if (!CommitKept().ok()) {
    const Offset end = EndOffset(kept_, next_offset_);
    Diagnose(DiagnosticLevel::kError,
             absl::StrCat("journal: ", end - next_offset_,
                          " records could not be made durable and are lost"));
    for (QueuedEntry& queued : kept_) Answer(&queued, DiskFails());
    kept_.clear();
  }
  const LedgerCounts waiting = ledger_.Take();
  // Without news it is not worth a segment of its own.
  const bool mark = unmarked_ && segments_.HasRoom(kEntryHeaderBytes);
  if ((mark || !waiting.empty()) && !WriteNotice(waiting).ok()) {
    ledger_.TakeBack();
  }
  segments_.Close();
}

void Committer::Abandon(const absl::Status& why) {
  segments_.Abandon();
  if (backoff_.Failed(absl::Now())) {
    Diagnose(DiagnosticLevel::kError,
             absl::StrCat("journal: ", why.message(),
                          "; what comes in is refused until this is cured"));
  }
}

}  // namespace logboom
