#include "server/journal/committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

int64_t BytesOf(absl::Span<const QueuedEntry> entries) {
  int64_t bytes = 0;
  for (const QueuedEntry& queued : entries) {
    bytes += SegmentWriter::BytesOf(queued.entry);
  }
  return bytes;
}

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

bool AnyAnswered(absl::Span<const QueuedEntry> run) {
  return std::any_of(run.begin(), run.end(),
                     [](const QueuedEntry& queued) { return !queued.done; });
}

}  // namespace

Committer::Committer(FileSystem* files, std::string folder,
                     int64_t segment_bytes, RecoveredJournal recovered,
                     std::shared_ptr<JournalHead> head)
    : files_(files),
      folder_(std::move(folder)),
      segment_bytes_(segment_bytes),
      journal_id_(recovered.journal_id),
      head_(std::move(head)),
      writer_(std::move(recovered.writer)),
      next_offset_(recovered.next_offset),
      next_number_(recovered.next_number) {}

bool Committer::Commit(absl::Span<QueuedEntry> group) {
  if (absl::Now() < backoff_.retry_at() || !CommitKept()) {
    Fail(group);
    return false;
  }
  while (!group.empty()) {
    absl::Status status =
        EnsureRoom(SegmentWriter::BytesOf(group.front().entry));
    const size_t taken = status.ok() ? CountFitting(group) : 0;
    const absl::Span<QueuedEntry> run = group.first(taken);
    if (status.ok()) status = CommitRun(run);
    if (status.ok()) {
      group.remove_prefix(taken);
      continue;
    }
    Abandon(status);
    if (AnyAnswered(run)) {
      kept_.assign(std::make_move_iterator(run.begin()),
                   std::make_move_iterator(run.end()));
      group.remove_prefix(taken);
    }
    Fail(group);
    return false;
  }
  return true;
}

bool Committer::CommitKept() {
  if (kept_.empty()) return true;
  absl::Status status = EnsureRoom(BytesOf(kept_));
  if (status.ok()) status = CommitRun(absl::MakeSpan(kept_));
  if (!status.ok()) {
    Abandon(status);
    return false;
  }
  kept_.clear();
  return true;
}

absl::Time Committer::retry_at() const {
  return kept_.empty() ? absl::InfiniteFuture() : backoff_.retry_at();
}

void Committer::Finish() {
  if (!CommitKept()) {
    const Offset end = EndOffset(kept_, next_offset_);
    Diagnose(DiagnosticLevel::kError,
             absl::StrCat("journal: ", end - next_offset_,
                          " records could not be made durable and are lost"));
    Fail(absl::MakeSpan(kept_));
    kept_.clear();
  }
  writer_.reset();
}

void Committer::Fail(absl::Span<QueuedEntry> group) {
  for (QueuedEntry& queued : group) {
    Answer(&queued, absl::UnavailableError("the journal's disk fails"));
  }
}

absl::Status Committer::CommitRun(absl::Span<QueuedEntry> run) {
  LOGBOOM_RETURN_IF_ERROR(Write(run));
  AnswerAll(run, next_offset_, AckDepth::kWritten);
  LOGBOOM_RETURN_IF_ERROR(writer_->Sync());
  const Offset first = next_offset_;
  next_offset_ = EndOffset(run, first);
  backoff_.Succeeded();
  // First: who is told that a record is synced finds it with a reader.
  head_->Publish(next_offset_, writer_->synced_end());
  AnswerAll(run, first, AckDepth::kSynced);
  return absl::OkStatus();
}

absl::Status Committer::EnsureRoom(int64_t bytes) {
  if (writer_ != nullptr && writer_->HasRoom(bytes)) return absl::OkStatus();
  writer_.reset();  // all of it is synced
  const SegmentHeader header{
      .journal_id = journal_id_,
      .number = next_number_++,
      .first_offset = next_offset_,
      .created_unix_nano = static_cast<uint64_t>(absl::GetCurrentTimeNanos())};
  LOGBOOM_ASSIGN_OR_RETURN(
      writer_,
      SegmentWriter::Create(files_, folder_, header,
                            std::max(segment_bytes_, kFirstEntryByte + bytes)));
  head_->StartSegment(writer_->name());
  return absl::OkStatus();
}

size_t Committer::CountFitting(absl::Span<const QueuedEntry> group) const {
  int64_t bytes = 0;
  size_t count = 0;
  for (const QueuedEntry& queued : group) {
    bytes += SegmentWriter::BytesOf(queued.entry);
    if (!writer_->HasRoom(bytes)) break;
    ++count;
  }
  return count;
}

absl::Status Committer::Write(absl::Span<const QueuedEntry> run) {
  Offset offset = next_offset_;
  for (const QueuedEntry& queued : run) {
    writer_->Stage(queued.entry, offset);
    offset += queued.entry.record_count;
  }
  return writer_->Write();
}

void Committer::Abandon(const absl::Status& why) {
  if (writer_ != nullptr) {
    // Best effort: where the disk refuses, the next segment's first offset says
    // the same.
    if (writer_->synced_end() > kFirstEntryByte) {
      writer_->Seal().IgnoreError();
    } else {
      files_->Remove(writer_->name().PathIn(folder_)).IgnoreError();
    }
    writer_.reset();
  }
  if (backoff_.Failed(absl::Now())) {
    Diagnose(DiagnosticLevel::kError,
             absl::StrCat("journal: ", why.message(),
                          "; what comes in is refused until this is cured"));
  }
}

}  // namespace logboom
