#include "server/ingest/publish/publish_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "proto/wire/structure_check.h"

namespace logboom {
// Two batches of the greatest size: one is received while the other is synced.
PublishStream::PublishStream(Ingest* ingest,
                             absl::AnyInvocable<void(PublishStream*)> gone)
    : ingest_(*ingest),
      max_in_flight_bytes_(2 * ingest->options().batch_bytes),
      gone_(std::move(gone)) {}

void PublishStream::Drain(absl::Duration retry_after) {
  {
    MutexLock lock(&mu_);
    responses_.Drain(retry_after);
  }
  Advance();
}

void PublishStream::End(const absl::Status& why) {
  {
    MutexLock lock(&mu_);
    if (!end_.has_value()) end_ = why;
  }
  Advance();
}

void PublishStream::OnReadDone(bool ok) {
  const absl::Status status = ok ? Take(read_buffer_) : absl::OkStatus();
  {
    MutexLock lock(&mu_);
    reading_ = false;
    appender_ = std::thread::id();
    appended_.NotifyAll();
    if (!ok) client_done_ = true;
    if (!status.ok() && !end_.has_value()) end_ = status;
  }
  Advance();
}

void PublishStream::OnWriteDone(bool ok) {
  {
    MutexLock lock(&mu_);
    writing_ = false;
    if (!ok) broken_ = true;
  }
  Advance();
}

void PublishStream::OnCancel() {
  {
    MutexLock lock(&mu_);
    broken_ = true;
  }
  Advance();
}

void PublishStream::OnDone() {
  // May destroy this object.
  std::exchange(gone_, nullptr)(this);
}

absl::Status PublishStream::Take(const grpc::ByteBuffer& buffer) {
  LOGBOOM_ASSIGN_OR_RETURN(const MessageBytes bytes,
                           MessageBytes::FromBuffer(buffer));
  LOGBOOM_ASSIGN_OR_RETURN(const PublishMessage message,
                           ReadPublishMessage(bytes.view()));
  switch (message.kind) {
    case PublishMessage::Kind::kOpen:
      return OpenSession(bytes, message.body);
    case PublishMessage::Kind::kBatch:
      return TakeBatch(bytes, message.body);
    case PublishMessage::Kind::kLevelsApplied:  // no level is sent yet
    case PublishMessage::Kind::kNone:
      break;
  }
  return absl::OkStatus();
}

absl::Status PublishStream::OpenSession(const MessageBytes& bytes,
                                        absl::string_view body) {
  if (phase_ != Phase::kNew) {
    return absl::FailedPreconditionError(
        "OpenSession must be the first message of a stream, and come once");
  }
  LOGBOOM_ASSIGN_OR_RETURN(const OpenMessage open, ReadOpenMessage(body));
  phase_ = Phase::kSession;
  session_.anonymous = false;
  session_.producer_id = open.producer_id;
  session_.epoch = open.epoch;
  // Copied, unlike a batch: it must not keep a whole message alive for as long
  // as the session lasts.
  session_.resource = absl::Cord(open.resource);
  session_.depth = open.depth;
  v1::SessionOpened opened;
  opened.set_max_batch_bytes(ingest_.options().batch_bytes);
  MutexLock lock(&mu_);
  responses_.Opened(opened);
  return absl::OkStatus();
}

absl::Status PublishStream::TakeBatch(const MessageBytes& bytes,
                                      absl::string_view batch) {
  if (phase_ == Phase::kNew) phase_ = Phase::kAnonymous;
  const absl::StatusOr<BatchSummary> summary = CheckSizeAndBatch(batch);
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::optional<uint64_t> number,
      NumberBatch(summary.ok() ? summary->sequence : FindSequence(batch)));
  if (!number.has_value()) {
    MutexLock lock(&mu_);
    // Only if the original has reached its depth: else its own ack will come.
    responses_.RepeatAck();
  } else if (summary.ok()) {
    Append(*summary, *number, bytes.Share(batch));
  } else {
    Reject(*number, summary.status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<uint64_t>> PublishStream::NumberBatch(
    uint64_t sequence) {
  if (phase_ == Phase::kAnonymous) return ++last_number_;
  if (sequence == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a batch without a readable sequence, after ", last_number_));
  }
  if (sequence <= last_number_) return std::nullopt;
  // Before a producer's first batch nothing is known to be missing: it may have
  // been forgotten.
  skipped_ = last_number_ == 0 ? 0 : sequence - last_number_ - 1;
  last_number_ = sequence;
  return sequence;
}

// RESOURCE_EXHAUSTED is what gRPC itself answers to a message over its limit: a
// client splits the batch in both cases.
absl::StatusOr<BatchSummary> PublishStream::CheckSizeAndBatch(
    absl::string_view batch) const {
  const int64_t limit = ingest_.options().batch_bytes;
  if (static_cast<int64_t>(batch.size()) > limit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the batch has ", batch.size(), " bytes; at most ", limit,
                     " are taken: split it"));
  }
  return CheckBatch(batch);
}

void PublishStream::Append(const BatchSummary& summary, uint64_t number,
                           absl::Cord payload) {
  const std::optional<InFlightAppends::Ticket> ticket =
      AddInFlight(number, static_cast<int64_t>(payload.size()));
  if (!ticket.has_value()) return;
  ingest_.Append(session_, summary, skipped_, std::move(payload),
                 WhenStored(*ticket));
}

// A session's rejection is stored, so that its number stays used; an anonymous
// stream has no number that outlives it.
void PublishStream::Reject(uint64_t number, const absl::Status& why) {
  const std::optional<InFlightAppends::Ticket> ticket = AddInFlight(number, 0);
  if (!ticket.has_value()) return;
  {
    MutexLock lock(&mu_);
    responses_.Reject(number, why);
  }
  if (phase_ == Phase::kSession) {
    ingest_.AppendRejection(session_, number, skipped_, WhenStored(*ticket));
  } else {
    ingest_.ledger().Count(LossReason::kBatchRejected);
    OnStored(*ticket, absl::OkStatus());
  }
}

std::optional<InFlightAppends::Ticket> PublishStream::AddInFlight(
    uint64_t number, int64_t bytes) {
  MutexLock lock(&mu_);
  if (end_.has_value() || broken_) return std::nullopt;
  appender_ = std::this_thread::get_id();
  return in_flight_.Add(number, bytes);
}

Journal::Done PublishStream::WhenStored(InFlightAppends::Ticket ticket) {
  return [self = shared_from_this(), ticket](absl::StatusOr<Offset> stored) {
    self->OnStored(ticket, stored.status());
  };
}

void PublishStream::OnStored(InFlightAppends::Ticket ticket,
                             const absl::Status& status) {
  {
    MutexLock lock(&mu_);
    if (status.ok()) {
      in_flight_.Stored(ticket);
      responses_.Ack(in_flight_.settled());
    } else {
      // The batch stays in flight for good, so that no ack passes over it.
      if (!end_.has_value()) {
        end_ = absl::UnavailableError(
            absl::StrCat("a batch was not stored: ", status.message()));
      }
      WaitForAppenderLocked();
    }
  }
  Advance();
}

// Takes as long as one call of Ingest::Append, and only after a failure. That
// call may itself be what failed, on this very thread.
void PublishStream::WaitForAppenderLocked() {
  while (appender_ != std::thread::id() &&
         appender_ != std::this_thread::get_id()) {
    appended_.Wait(&mu_);
  }
}

void PublishStream::Advance() {
  {
    MutexLock lock(&mu_);
    if (finished_) return;
    WriteLocked();
    FinishLocked();
    if (!ReadOrWaitLocked()) return;
  }
  // Comes at once when room was made meanwhile.
  ingest_.WhenRoom([self = shared_from_this()] {
    {
      MutexLock lock(&self->mu_);
      self->waiting_for_room_ = false;
    }
    self->Advance();
  });
}

void PublishStream::WriteLocked() {
  if (writing_ || broken_ || responses_.empty()) return;
  writing_ = true;
  write_buffer_ = EncodeResponse(responses_.Next());
  StartWrite(&write_buffer_);
}

void PublishStream::FinishLocked() {
  if (writing_) return;
  if (broken_) {
    finished_ = true;
    Finish(grpc::Status::CANCELLED);
  } else if (responses_.empty() && end_.has_value()) {
    finished_ = true;
    Finish(ToGrpcStatus(*end_));
  } else if (responses_.empty() && client_done_ && in_flight_.empty()) {
    finished_ = true;
    Finish(grpc::Status::OK);
  }
}

bool PublishStream::ReadOrWaitLocked() {
  if (finished_ || broken_ || end_.has_value() || client_done_ || reading_ ||
      waiting_for_room_ || responses_.full() ||
      in_flight_.bytes() >= max_in_flight_bytes_) {
    return false;
  }
  if (!ingest_.has_room()) {
    waiting_for_room_ = true;
    return true;
  }
  reading_ = true;
  StartRead(&read_buffer_);
  return false;
}

}  // namespace logboom
