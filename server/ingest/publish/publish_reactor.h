#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_REACTOR_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_REACTOR_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/ingest/admission.h"
#include "server/ingest/grpc/message_bytes.h"
#include "server/ingest/ingest.h"
#include "server/ingest/publish/in_flight_appends.h"
#include "server/ingest/publish/read_room.h"
#include "server/ingest/publish/response_queue.h"

namespace logboom {

// The dealings of one Publish stream with gRPC: when it reads, writes and ends.
// What its messages mean is PublishStream's.
//
// Who may start what: one read and one write are in flight at most. Whoever
// changes the state calls Advance(), which starts under the lock whatever the
// state now allows. Calling gRPC under the lock is what keeps a read or a write
// from being started behind Finish; it cannot deadlock, because gRPC runs
// reactions on threads of its own and never inside these calls. Nothing that
// can come back to this object on the same thread is called under the lock.
//
// Reading goes on while appends are in flight, until they reach this stream's
// bound or there is no room. Not starting the next read is the back-pressure:
// gRPC's window then fills.
class PublishReactor
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
      public Admission::Reader,
      public std::enable_shared_from_this<PublishReactor> {
 public:
  // Starts the first read. Once, when the stream is in its owner's hands.
  void Start() { Advance(); }

  // Tells the client that the server is about to stop. The stream lives on.
  void Drain(absl::Duration retry_after) ABSL_LOCKS_EXCLUDED(mu_);

  // Ends the stream when what is queued has been written.
  void End(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mu_);

 protected:
  // `ingest` must outlive this object.
  explicit PublishReactor(Ingest* ingest);

  // Does what a message asks for; one at a time. An error ends the stream with
  // it.
  virtual absl::Status Take(const MessageBytes& bytes) = 0;
  // The last that gRPC calls; may destroy this object.
  virtual void OnOver() = 0;

  void Advance() ABSL_LOCKS_EXCLUDED(mu_);
  // The first reason counts.
  void EndLocked(absl::Status why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (!end_.has_value()) end_ = std::move(why);
  }
  // It is ending, or has: nothing new is to be begun.
  bool EndingLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return end_.has_value() || broken_ || finished_;
  }

  Ingest& ingest_;

  Mutex mu_;
  ResponseQueue responses_ ABSL_GUARDED_BY(mu_);
  InFlightAppends in_flight_ ABSL_GUARDED_BY(mu_);
  // A batch was not stored: those in flight may never be acknowledged.
  bool append_failed_ ABSL_GUARDED_BY(mu_) = false;
  // Up to SessionOpened nothing is read, nor written unless it ends.
  bool opening_ ABSL_GUARDED_BY(mu_) = false;
  // The observer is being told; the stream neither writes nor ends meanwhile.
  bool announcing_ ABSL_GUARDED_BY(mu_) = false;

 private:
  void OnRoom() final ABSL_LOCKS_EXCLUDED(mu_);

  // gRPC's reactions, on its threads.
  void OnReadDone(bool ok) final ABSL_LOCKS_EXCLUDED(mu_);
  void OnWriteDone(bool ok) final ABSL_LOCKS_EXCLUDED(mu_);
  void OnCancel() final ABSL_LOCKS_EXCLUDED(mu_);
  void OnDone() final ABSL_LOCKS_EXCLUDED(mu_);

  // Takes the message that was read; `room` was for it.
  absl::Status TakeRead(Admission::Ticket room, int64_t size);
  Admission::Ticket LetGoOfRoom() ABSL_LOCKS_EXCLUDED(mu_);

  void WriteLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void FinishLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Of a stream that is ending.
  bool OwesAcksLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Starts the next read, or asks for room for it, if the state allows one.
  void ReadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const int64_t max_in_flight_bytes_;
  grpc::ByteBuffer read_buffer_;  // gRPC's while it reads, then Take()'s

  grpc::ByteBuffer write_buffer_ ABSL_GUARDED_BY(mu_);
  ReadRoom room_ ABSL_GUARDED_BY(mu_);
  bool reading_ ABSL_GUARDED_BY(mu_) = false;  // or taking what was read
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool client_done_ ABSL_GUARDED_BY(mu_) = false;  // it half-closed
  bool broken_ ABSL_GUARDED_BY(mu_) = false;       // cancelled: nothing arrives
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mu_);  // why it is ending
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_REACTOR_H_
