#include "server/ingest/publish/publish_reactor.h"

#include <utility>

#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "server/ingest/grpc/stream_window.h"

namespace logboom {

// Two batches of the greatest size: one is received while the other is synced.
PublishReactor::PublishReactor(Ingest* ingest)
    : ingest_(*ingest),
      max_in_flight_bytes_(2 * ingest->options().batch_bytes),
      room_(ingest->options().batch_bytes) {}

void PublishReactor::Drain(absl::Duration retry_after) {
  {
    MutexLock lock(&mu_);
    responses_.Drain(retry_after);
  }
  Advance();
}

void PublishReactor::End(const absl::Status& why) {
  {
    MutexLock lock(&mu_);
    EndLocked(why);
  }
  Advance();
}

void PublishReactor::OnRoom() {
  Admission::Ticket unused = 0;
  {
    MutexLock lock(&mu_);
    room_.OnRoom();
    ReadLocked();
    if (!reading_) unused = room_.LetGo();
  }
  ingest_.admission().Return(unused);
}

void PublishReactor::OnReadDone(bool ok) {
  const Admission::Ticket room = LetGoOfRoom();
  const auto size = static_cast<int64_t>(read_buffer_.Length());
  const absl::Status status = ok ? TakeRead(room, size) : absl::OkStatus();
  {
    MutexLock lock(&mu_);
    reading_ = false;
    room_.Expect(size);
    if (!ok) client_done_ = true;
    if (!status.ok()) EndLocked(status);
  }
  // Only now, when what came is charged as what it is.
  ingest_.admission().Return(room);
  Advance();
}

void PublishReactor::OnWriteDone(bool ok) {
  {
    MutexLock lock(&mu_);
    writing_ = false;
    if (!ok) broken_ = true;
  }
  Advance();
}

void PublishReactor::OnCancel() {
  {
    MutexLock lock(&mu_);
    broken_ = true;
  }
  Advance();
}

void PublishReactor::OnDone() {
  ingest_.admission().Return(LetGoOfRoom());
  OnOver();
}

absl::Status PublishReactor::TakeRead(Admission::Ticket room, int64_t size) {
  if (size > kStreamWindowBytes && !ingest_.admission().MayKeep(room, size)) {
    return absl::UnavailableError(
        "too many large messages came at once: come again");
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const MessageBytes bytes,
      MessageBytes::FromRequest(read_buffer_,
                                MessageLimit(ingest_.options().batch_bytes)));
  read_buffer_.Clear();  // where it was copied it would stand there twice
  return Take(bytes);
}

Admission::Ticket PublishReactor::LetGoOfRoom() {
  MutexLock lock(&mu_);
  return room_.LetGo();
}

void PublishReactor::Advance() {
  MutexLock lock(&mu_);
  if (finished_) return;
  WriteLocked();
  FinishLocked();
  ReadLocked();
}

void PublishReactor::WriteLocked() {
  if (writing_ || announcing_ || broken_ || responses_.empty()) return;
  // A Drain that came before SessionOpened follows it.
  if (opening_ && !end_.has_value()) return;
  writing_ = true;
  write_buffer_ = EncodeMessage(responses_.Next());
  StartWrite(&write_buffer_);
}

void PublishReactor::FinishLocked() {
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
bool PublishReactor::OwesAcksLocked() const {
  return absl::IsAborted(*end_) && !in_flight_.empty() && !append_failed_;
}

void PublishReactor::ReadLocked() {
  if (EndingLocked() || client_done_ || reading_ || opening_ ||
      responses_.full() || in_flight_.bytes() >= max_in_flight_bytes_ ||
      !room_.HasOrAsk(&ingest_.admission(), shared_from_this())) {
    return;
  }
  reading_ = true;
  StartRead(&read_buffer_);
}

}  // namespace logboom
