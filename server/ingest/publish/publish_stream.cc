#include "server/ingest/publish/publish_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "proto/wire/structure_check.h"

namespace logboom {

// Two batches of the greatest size: one is received while the other is synced.
PublishStream::PublishStream(Ingest* ingest, ProducerRegistry* producers,
                             absl::AnyInvocable<void(PublishStream*)> gone)
    : ingest_(*ingest),
      producers_(*producers),
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

void PublishStream::Fence(absl::AnyInvocable<void()> settled) {
  {
    MutexLock lock(&mu_);
    if (!end_.has_value()) {
      end_ = absl::AbortedError("a newer stream of this producer id took over");
    }
    if (appender_ != std::thread::id()) settled.swap(settled_);
  }
  Advance();
  if (settled) settled();
}

void PublishStream::OnReadDone(bool ok) {
  const absl::Status status = ok ? Take(read_buffer_) : absl::OkStatus();
  absl::AnyInvocable<void()> settled;
  {
    MutexLock lock(&mu_);
    reading_ = false;
    appender_ = std::thread::id();
    appended_.NotifyAll();
    settled.swap(settled_);
    if (!ok) client_done_ = true;
    if (!status.ok() && !end_.has_value()) end_ = status;
  }
  if (settled) settled();
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
  if (phase_ == Phase::kSession) producers_.Leave(session_.producer_id, this);
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
      return OpenSession(message.body);
    case PublishMessage::Kind::kBatch:
      return TakeBatch(bytes, message.body);
    case PublishMessage::Kind::kLevelsApplied:  // no level is sent yet
    case PublishMessage::Kind::kNone:
      break;
  }
  return absl::OkStatus();
}

absl::Status PublishStream::OpenSession(absl::string_view body) {
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
  {
    MutexLock lock(&mu_);
    opening_ = true;
  }
  producers_.TakeOver(
      session_.producer_id, shared_from_this(), [self = shared_from_this()] {
        self->ingest_.FindLastSequence(self->session_,
                                       [self](absl::StatusOr<uint64_t> last) {
                                         self->OnLastSequence(std::move(last));
                                       });
      });
  return absl::OkStatus();
}

// On the journal's thread, or inside OpenSession when the journal is stopped.
// The stream may be ending, or over, by now.
void PublishStream::OnLastSequence(absl::StatusOr<uint64_t> last) {
  {
    MutexLock lock(&mu_);
    opening_ = false;
    if (end_.has_value()) return;
    if (last.ok()) {
      numbers_.Resume(*last);
      v1::SessionOpened opened;
      opened.set_last_sequence(*last);
      opened.set_max_batch_bytes(ingest_.options().batch_bytes);
      responses_.Opened(opened);
    } else {
      end_ = absl::UnavailableError(absl::StrCat(
          "the session cannot be opened: ", last.status().message()));
    }
  }
  Advance();
}

absl::Status PublishStream::TakeBatch(const MessageBytes& bytes,
                                      absl::string_view batch) {
  if (phase_ == Phase::kNew) phase_ = Phase::kAnonymous;
  const absl::StatusOr<BatchSummary> summary = CheckSizeAndBatch(batch);
  const uint64_t sequence =
      summary.ok() ? summary->sequence : FindSequence(batch);
  LOGBOOM_ASSIGN_OR_RETURN(const BatchNumbers::Number number,
                           numbers_.Take(sequence));
  if (number.duplicate) {
    MutexLock lock(&mu_);
    responses_.RepeatAck(number.value);
  } else if (summary.ok()) {
    Append(*summary, number, bytes.Share(batch));
  } else {
    Reject(number, summary.status());
  }
  return absl::OkStatus();
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

void PublishStream::Append(const BatchSummary& summary,
                           const BatchNumbers::Number& number,
                           absl::Cord payload) {
  const std::optional<InFlightAppends::Ticket> ticket =
      AddInFlight(number.value, static_cast<int64_t>(payload.size()));
  if (!ticket.has_value()) return;
  ingest_.Append(session_, summary, number.skipped, std::move(payload),
                 WhenStored(*ticket));
}

// A session's rejection is stored, so that its number stays used; an anonymous
// stream has no number that outlives it.
void PublishStream::Reject(const BatchNumbers::Number& number,
                           const absl::Status& why) {
  const std::optional<InFlightAppends::Ticket> ticket =
      AddInFlight(number.value, 0);
  if (!ticket.has_value()) return;
  {
    MutexLock lock(&mu_);
    responses_.Reject(number.value, why);
  }
  if (phase_ == Phase::kSession) {
    ingest_.AppendRejection(session_, number.value, number.skipped,
                            WhenStored(*ticket));
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
  // A Drain that came before SessionOpened follows it.
  if (opening_ && !end_.has_value()) return;
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
      opening_ || waiting_for_room_ || responses_.full() ||
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
