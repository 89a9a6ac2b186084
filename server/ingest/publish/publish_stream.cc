#include "server/ingest/publish/publish_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/publish/publish_message.h"

namespace logboom {

PublishStream::PublishStream(Ingest* ingest, ProducerRegistry* producers,
                             SessionObserver* observer,
                             absl::AnyInvocable<void(PublishStream*)> gone)
    : PublishReactor(ingest),
      producers_(*producers),
      gone_(std::move(gone)),
      session_(observer) {}

void PublishStream::Fence(absl::AnyInvocable<void()> settled) {
  {
    MutexLock lock(&mu_);
    EndLocked(
        absl::AbortedError("a newer stream of this producer id took over"));
    if (appender_ != std::thread::id()) settled.swap(settled_);
  }
  session_.Ended(this);
  Advance();
  if (settled) settled();
}

void PublishStream::SendLevels(const v1::LevelUpdate& update) {
  {
    MutexLock lock(&mu_);
    responses_.Levels(update);
  }
  Advance();
}

void PublishStream::OnOver() {
  session_.StreamOver(this);
  if (session_.has_producer()) {
    producers_.Leave(session_.ingest().producer_id, this);
  }
  // May destroy this object.
  std::exchange(gone_, nullptr)(this);
}

absl::Status PublishStream::Take(const MessageBytes& bytes) {
  const absl::Status status = TakeMessage(bytes);
  absl::AnyInvocable<void()> settled;
  {
    MutexLock lock(&mu_);
    appender_ = std::thread::id();
    appended_.NotifyAll();
    settled.swap(settled_);
  }
  if (settled) settled();
  return status;
}

absl::Status PublishStream::TakeMessage(const MessageBytes& bytes) {
  LOGBOOM_ASSIGN_OR_RETURN(const PublishMessage message,
                           ReadPublishMessage(bytes.view()));
  switch (message.kind) {
    case PublishMessage::Kind::kOpen:
      return OpenSession(message.body);
    case PublishMessage::Kind::kBatch:
      return TakeBatch(bytes, message.body);
    case PublishMessage::Kind::kLevelsApplied:
      return session_.TakeLevelsApplied(this, message.body);
    case PublishMessage::Kind::kNone:
      break;
  }
  return absl::OkStatus();
}

absl::Status PublishStream::OpenSession(absl::string_view body) {
  LOGBOOM_RETURN_IF_ERROR(session_.Open(body));
  {
    MutexLock lock(&mu_);
    opening_ = true;
  }
  producers_.TakeOver(session_.ingest().producer_id, Self(),
                      [self = Self()] { self->FindLast(); });
  return absl::OkStatus();
}

void PublishStream::FindLast() {
  ingest_.FindLastSequence(session_.ingest(),
                           [self = Self()](absl::StatusOr<uint64_t> last) {
                             self->OnLastSequence(std::move(last));
                           });
}

// On the journal's thread, or inside OpenSession when the journal is stopped.
// The stream may be ending, or over, by now.
void PublishStream::OnLastSequence(const absl::StatusOr<uint64_t>& last) {
  bool announce;
  {
    MutexLock lock(&mu_);
    announce = last.ok() && !EndingLocked();
    announcing_ = announce;
  }
  if (announce) session_.Announce(Self());
  {
    MutexLock lock(&mu_);
    opening_ = announcing_ = false;
    if (!last.ok()) {
      EndLocked(absl::UnavailableError(absl::StrCat(
          "the session cannot be opened: ", last.status().message())));
    }
    if (EndingLocked()) {
      responses_.DropLevels();  // a stream that was never opened has none
    } else {
      session_.Resume(*last);
      responses_.Opened(*last, ingest_.options().batch_bytes);
    }
  }
  Advance();
}

absl::Status PublishStream::TakeBatch(const MessageBytes& bytes,
                                      absl::string_view batch) {
  const absl::StatusOr<BatchSummary> summary =
      CheckPublishedBatch(batch, ingest_.options().batch_bytes);
  const uint64_t sequence =
      summary.ok() ? summary->sequence : FindSequence(batch);
  LOGBOOM_ASSIGN_OR_RETURN(const BatchNumbers::Number number,
                           session_.Number(sequence));
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

void PublishStream::Append(const BatchSummary& summary,
                           const BatchNumbers::Number& number,
                           absl::Cord payload) {
  const std::optional<InFlightAppends::Ticket> ticket =
      AddInFlight(number.value, static_cast<int64_t>(payload.size()));
  if (!ticket.has_value()) return;
  ingest_.Append(session_.ingest(), summary, number.skipped, std::move(payload),
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
  if (session_.has_producer()) {
    ingest_.AppendRejection(session_.ingest(), number.value, number.skipped,
                            WhenStored(*ticket));
  } else {
    ingest_.ledger().Count(LossReason::kBatchRejected);
    OnStored(*ticket, absl::OkStatus());
  }
}

std::optional<InFlightAppends::Ticket> PublishStream::AddInFlight(
    uint64_t number, int64_t bytes) {
  MutexLock lock(&mu_);
  if (EndingLocked()) return std::nullopt;
  appender_ = std::this_thread::get_id();
  return in_flight_.Add(number, bytes);
}

Journal::Done PublishStream::WhenStored(InFlightAppends::Ticket ticket) {
  return [self = Self(), ticket](absl::StatusOr<Offset> stored) {
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
      append_failed_ = true;
      EndLocked(absl::UnavailableError(
          absl::StrCat("a batch was not stored: ", status.message())));
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

}  // namespace logboom
