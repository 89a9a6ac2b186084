#include "server/ingest/publish/publish_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/grpc/stream_window.h"
#include "server/ingest/publish/publish_message.h"

namespace logboom {

// Two batches of the greatest size: one is received while the other is synced.
PublishStream::PublishStream(Ingest* ingest, ProducerRegistry* producers,
                             SessionObserver* observer,
                             absl::AnyInvocable<void(PublishStream*)> gone)
    : ingest_(*ingest),
      producers_(*producers),
      max_in_flight_bytes_(2 * ingest->options().batch_bytes),
      gone_(std::move(gone)),
      session_(observer),
      expected_bytes_(ingest->options().batch_bytes) {}

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
    EndLocked(why);
  }
  Advance();
}

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

void PublishStream::OnRoom() {
  Admission::Ticket unused = 0;
  {
    MutexLock lock(&mu_);
    room_ = Room::kHas;
    ReadLocked();
    if (!reading_) {
      unused = std::exchange(room_ticket_, 0);
      room_ = Room::kNone;
    }
  }
  ingest_.admission().Return(unused);
}

void PublishStream::OnReadDone(bool ok) {
  Admission::Ticket room;
  {
    MutexLock lock(&mu_);
    room = std::exchange(room_ticket_, 0);
    room_ = Room::kNone;
  }
  const auto size = static_cast<int64_t>(read_buffer_.Length());
  const absl::Status status = ok ? TakeRead(room, size) : absl::OkStatus();
  absl::AnyInvocable<void()> settled;
  {
    MutexLock lock(&mu_);
    reading_ = false;
    appender_ = std::thread::id();
    appended_.NotifyAll();
    settled.swap(settled_);
    ExpectLocked(size);
    if (!ok) client_done_ = true;
    if (!status.ok()) EndLocked(status);
  }
  // Only now, when what came is charged as what it is.
  ingest_.admission().Return(room);
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
  Admission::Ticket room;
  {
    MutexLock lock(&mu_);
    room = std::exchange(room_ticket_, 0);
  }
  ingest_.admission().Return(room);
  session_.StreamOver(this);
  if (session_.has_producer()) {
    producers_.Leave(session_.ingest().producer_id, this);
  }
  // May destroy this object.
  std::exchange(gone_, nullptr)(this);
}

absl::Status PublishStream::TakeRead(Admission::Ticket room, int64_t size) {
  if (size > kStreamWindowBytes && !ingest_.admission().MayKeep(room, size)) {
    return absl::UnavailableError(
        "too many large messages came at once: come again");
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const MessageBytes bytes,
      MessageBytes::FromRequest(read_buffer_,
                                MessageLimit(ingest_.options().batch_bytes)));
  read_buffer_.Clear();  // where it was copied it would stand there twice
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
  producers_.TakeOver(session_.ingest().producer_id, shared_from_this(),
                      [self = shared_from_this()] { self->FindLast(); });
  return absl::OkStatus();
}

void PublishStream::FindLast() {
  ingest_.FindLastSequence(
      session_.ingest(),
      [self = shared_from_this()](absl::StatusOr<uint64_t> last) {
        self->OnLastSequence(std::move(last));
      });
}

// On the journal's thread, or inside OpenSession when the journal is stopped.
// The stream may be ending, or over, by now.
void PublishStream::OnLastSequence(const absl::StatusOr<uint64_t>& last) {
  bool announce;
  {
    MutexLock lock(&mu_);
    announce = last.ok() && !end_.has_value() && !finished_;
    announcing_ = announce;
  }
  if (announce) session_.Announce(shared_from_this());
  {
    MutexLock lock(&mu_);
    opening_ = announcing_ = false;
    if (!last.ok()) {
      EndLocked(absl::UnavailableError(absl::StrCat(
          "the session cannot be opened: ", last.status().message())));
    }
    if (end_.has_value()) {
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

void PublishStream::Advance() {
  MutexLock lock(&mu_);
  if (finished_) return;
  WriteLocked();
  FinishLocked();
  ReadLocked();
}

void PublishStream::WriteLocked() {
  if (writing_ || announcing_ || broken_ || responses_.empty()) return;
  // A Drain that came before SessionOpened follows it.
  if (opening_ && !end_.has_value()) return;
  writing_ = true;
  write_buffer_ = EncodeMessage(responses_.Next());
  StartWrite(&write_buffer_);
}

void PublishStream::FinishLocked() {
  if (writing_ || announcing_) return;
  if (broken_) {
    finished_ = true;
    Finish(grpc::Status::CANCELLED);
  } else if (responses_.empty() && end_.has_value() && !OwesAcksLocked()) {
    finished_ = true;
    Finish(ToGrpcStatus(*end_));
  } else if (responses_.empty() && client_done_ && in_flight_.empty()) {
    finished_ = true;
    Finish(grpc::Status::OK);
  }
}

// The client of a fenced stream goes on under another producer id, where
// nothing tells it what was stored under this one: it hears that here.
bool PublishStream::OwesAcksLocked() const {
  return absl::IsAborted(*end_) && !in_flight_.empty() && !append_failed_;
}

void PublishStream::ReadLocked() {
  if (finished_ || broken_ || end_.has_value() || client_done_ || reading_ ||
      opening_ || room_ == Room::kAsked || responses_.full() ||
      in_flight_.bytes() >= max_in_flight_bytes_) {
    return;
  }
  if (room_ == Room::kNone) {
    const Admission::Place place = ingest_.admission().Ask(
        shared_from_this(), Admission::Kind::kStream,
        std::max<int64_t>(0, expected_bytes_ - kStreamWindowBytes));
    room_ticket_ = place.ticket;
    room_ = place.has_room ? Room::kHas : Room::kAsked;
    if (!place.has_room) return;
  }
  reading_ = true;
  StartRead(&read_buffer_);
}

// A small message among large ones says little about the next. Of a session's
// first batch this leaves 256 KiB to expect, where the limit is 4 MiB.
void PublishStream::ExpectLocked(int64_t bytes) {
  expected_bytes_ = std::max(bytes, expected_bytes_ / 16);
}

}  // namespace logboom
