#ifndef LOGBOOM_CLIENT_PUBLISH_CALL_H_
#define LOGBOOM_CLIENT_PUBLISH_CALL_H_

#include <grpcpp/alarm.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/serial_runner.h"
#include "client/session.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {

// One Publish stream: gRPC's reactions turned into a session's events.
//
// Lives until its owner destroys it, at the earliest when `closed` is called.
// gRPC is kept from ending the call while someone may still start an operation
// on it by two holds: one until reading has ended (after which no write is
// started), one until the alarm has run. So nothing uses this object once
// OnDone has handed on its task.
//
// gRPC is called under the lock, so that no operation starts behind the end of
// reading; it never runs a reaction inside such a call.
//
// Thread-safe.
class PublishCall final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  using Closed = absl::AnyInvocable<void(const absl::Status&)>;

  // Events are called in `runner`; `closed` in place of OnClosed, as the last.
  // Both must outlive the call.
  PublishCall(std::shared_ptr<grpc::ChannelInterface> channel,
              SessionEvents* events, SerialRunner* runner, Closed closed);

  // Sends `open` and waits for SessionOpened until `deadline`. Once.
  void Start(grpc::ByteBuffer open, absl::Time deadline);

  // As in Session.
  bool Send(uint64_t sequence, const absl::Cord& batch)
      ABSL_LOCKS_EXCLUDED(mu_);
  void ConfirmLevels(uint64_t version) ABSL_LOCKS_EXCLUDED(mu_);
  void CloseSending() ABSL_LOCKS_EXCLUDED(mu_);
  void Cancel() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // gRPC's reactions, on its threads.
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  void StartAlarm(absl::Time deadline);
  void OnAlarm(bool fired);
  void EndReading();
  void WriteLocked(grpc::ByteBuffer message) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // In the runner.
  void Deliver(const v1::PublishResponse& response);
  void DeliverOpened(const v1::SessionOpened& opened);
  void DeliverLevels(const v1::LevelUpdate& update);
  void DeliverDrain(const v1::Drain& drain);

  absl::Status ReasonFor(const grpc::Status& status);

  SessionEvents& events_;
  SerialRunner& runner_;
  Closed closed_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::Alarm alarm_;
  grpc::ByteBuffer read_buffer_;  // of the read in flight

  Mutex mu_;
  grpc::ByteBuffer write_buffer_ ABSL_GUARDED_BY(mu_);
  // Of the levels to be confirmed when what is being written has gone.
  std::optional<uint64_t> confirmation_due_ ABSL_GUARDED_BY(mu_);
  bool opened_ ABSL_GUARDED_BY(mu_) = false;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;  // CloseSending was called
  bool reading_ended_ ABSL_GUARDED_BY(mu_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mu_) = false;  // Cancel was called
  // Why this side ended the call; OK: it did not.
  absl::Status own_reason_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_PUBLISH_CALL_H_
