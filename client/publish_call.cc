#include "client/publish_call.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/grpc_status.h"
#include "base/proto_time.h"
#include "client/publish_encoding.h"

namespace logboom {
namespace {

constexpr char kPublishMethod[] = "/logboom.v1.LogIngest/Publish";

}  // namespace

PublishCall::PublishCall(std::shared_ptr<grpc::ChannelInterface> channel,
                         SessionEvents* events, SerialRunner* runner,
                         Closed closed)
    : events_(*events),
      runner_(*runner),
      closed_(std::move(closed)),
      stub_(std::move(channel)) {}

void PublishCall::Start(grpc::ByteBuffer open, absl::Time deadline) {
  stub_.PrepareBidiStreamingCall(&context_, kPublishMethod, {}, this);
  AddHold();  // until reading has ended
  StartAlarm(deadline);
  MutexLock lock(&mu_);
  WriteLocked(std::move(open));
  StartRead(&read_buffer_);
  StartCall();
}

void PublishCall::StartAlarm(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return;
  AddHold();  // until the alarm has run, cancelled or not
  // gRPC takes a time before 1970 for one that never comes.
  alarm_.Set(absl::ToChronoTime(std::max(deadline, absl::UnixEpoch())),
             [this](bool fired) {
               OnAlarm(fired);
               RemoveHold();
             });
}

void PublishCall::OnAlarm(bool fired) {
  MutexLock lock(&mu_);
  if (!fired || opened_ || reading_ended_) return;
  own_reason_ = absl::UnavailableError("the server did not answer in time");
  context_.TryCancel();
}

void PublishCall::WriteLocked(grpc::ByteBuffer message) {
  writing_ = true;
  write_buffer_ = std::move(message);
  StartWrite(&write_buffer_);
}

bool PublishCall::Send(uint64_t sequence, const absl::Cord& batch) {
  MutexLock lock(&mu_);
  if (!opened_ || writing_ || draining_ || closing_ || reading_ended_) {
    return false;
  }
  WriteLocked(EncodeBatchRequest(sequence, batch));
  return true;
}

void PublishCall::ConfirmLevels(uint64_t version) {
  MutexLock lock(&mu_);
  if (closing_ || reading_ended_) return;
  if (writing_) {
    confirmation_due_ = version;
  } else {
    WriteLocked(EncodeLevelsApplied(version));
  }
}

void PublishCall::CloseSending() {
  MutexLock lock(&mu_);
  if (closing_ || reading_ended_) return;
  closing_ = true;
  if (!writing_) StartWritesDone();
}

void PublishCall::Cancel() {
  {
    MutexLock lock(&mu_);
    cancelled_ = true;
  }
  context_.TryCancel();
}

void PublishCall::OnReadDone(bool ok) {
  if (!ok) {
    EndReading();
    return;
  }
  std::optional<v1::PublishResponse> response = DecodeResponse(read_buffer_);
  if (!response.has_value()) {
    MutexLock lock(&mu_);
    own_reason_ = absl::InternalError("the server sent no PublishResponse");
    context_.TryCancel();
  }
  // The next read starts when the event has been taken: an owner that is slow
  // makes the server wait, not this queue grow.
  runner_.Run([this, response = std::move(response)] {
    if (response.has_value()) Deliver(*response);
    StartRead(&read_buffer_);
  });
}

void PublishCall::EndReading() {
  {
    MutexLock lock(&mu_);
    reading_ended_ = true;
  }
  alarm_.Cancel();
  RemoveHold();
}

void PublishCall::OnWriteDone(bool ok) {
  bool writable = false;
  {
    MutexLock lock(&mu_);
    writing_ = false;
    if (!ok || reading_ended_) return;
    write_buffer_.Clear();  // shares the batch with its owner
    if (confirmation_due_.has_value()) {
      WriteLocked(
          EncodeLevelsApplied(*std::exchange(confirmation_due_, std::nullopt)));
    } else if (closing_) {
      StartWritesDone();
    } else {
      writable = opened_ && !draining_;
    }
  }
  if (writable) runner_.Run([this] { events_.OnWritable(); });
}

void PublishCall::OnDone(const grpc::Status& status) {
  // `closed` goes along: it may destroy this object.
  runner_.Run([why = ReasonFor(status), closed = std::move(closed_)]() mutable {
    closed(why);
  });
}

void PublishCall::Deliver(const v1::PublishResponse& response) {
  switch (response.kind_case()) {
    case v1::PublishResponse::kOpened:
      return DeliverOpened(response.opened());
    case v1::PublishResponse::kAck:
      return events_.OnAck(response.ack().sequence());
    case v1::PublishResponse::kRejected:
      return events_.OnRejected(response.rejected().sequence(),
                                absl::Status(static_cast<absl::StatusCode>(
                                                 response.rejected().code()),
                                             response.rejected().message()));
    case v1::PublishResponse::kLevelUpdate:
      return DeliverLevels(response.level_update());
    case v1::PublishResponse::kDrain:
      return DeliverDrain(response.drain());
    case v1::PublishResponse::KIND_NOT_SET:  // or one of a newer server
      return;
  }
}

void PublishCall::DeliverOpened(const v1::SessionOpened& opened) {
  bool writable;
  {
    MutexLock lock(&mu_);
    opened_ = true;
    writable = !writing_ && !closing_;
  }
  alarm_.Cancel();
  events_.OnOpened(opened.last_sequence(),
                   static_cast<int64_t>(opened.max_batch_bytes()));
  if (writable) events_.OnWritable();
}

void PublishCall::DeliverLevels(const v1::LevelUpdate& update) {
  std::vector<PushedLevel> levels;
  levels.reserve(update.levels_size());
  for (const v1::LoggerLevel& level : update.levels()) {
    PushedLevel& pushed = levels.emplace_back();
    pushed.logger = level.logger();
    pushed.levelno = level.levelno();
    if (level.has_expires_in()) {
      pushed.expires_in = FromProtoDuration(level.expires_in());
    }
  }
  events_.OnLevels(update.version(), levels);
}

void PublishCall::DeliverDrain(const v1::Drain& drain) {
  {
    MutexLock lock(&mu_);
    draining_ = true;
  }
  events_.OnDrain(FromProtoDuration(drain.retry_after()));
}

absl::Status PublishCall::ReasonFor(const grpc::Status& status) {
  MutexLock lock(&mu_);
  if (!own_reason_.ok()) return own_reason_;
  const absl::Status why = FromGrpcStatus(status);
  // So a gRPC server ends what comes while it is shutting down.
  if (absl::IsCancelled(why) && !cancelled_) {
    return absl::UnavailableError(
        absl::StrCat("the server ended the stream: ", why.message()));
  }
  return why;
}

}  // namespace logboom
