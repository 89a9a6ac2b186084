#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_STREAM_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_STREAM_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/ingest/ingest.h"
#include "server/ingest/publish/in_flight_appends.h"
#include "server/ingest/publish/producer_registry.h"
#include "server/ingest/publish/publish_message.h"
#include "server/ingest/publish/publish_session.h"
#include "server/ingest/publish/response_queue.h"
#include "server/ingest/publish/session_observer.h"

namespace logboom {

// One producer's Publish stream (proto/logboom/v1/ingest.proto says what its
// messages mean).
//
// Who owns it: the service, until OnDone, the last that gRPC calls; besides it
// every append that has not called back, a session's opening and a wait for
// room, so that the object goes with the last of them. After OnDone nothing of
// gRPC or of the service is touched.
//
// Who may start what: one read and one write are in flight at most. Whoever
// changes the state calls Advance(), which starts under the lock whatever the
// state now allows. Calling gRPC under the lock is what keeps a read or a write
// from being started behind Finish; it cannot deadlock, because gRPC runs
// reactions on threads of its own and never inside these calls. Nothing that
// can come back to this object on the same thread (appending, asking the
// journal, waiting for room) is called under the lock.
//
// Order: only OnReadDone appends, and the next read starts when it has, so that
// batches are appended in the order they came. When one was not stored nothing
// behind it may be: OnStored lets the journal go on only when no append of this
// stream is on its way, so that the journal fails what it was handed by then
// (Journal::Append) and later batches find the stream ending. Reading goes on
// while appends are in flight, until they reach this stream's bound or there is
// no room. Not starting the next read is the back-pressure: gRPC's window
// then fills.
//
// Before a read the stream asks for room for a message as large as its last
// ones were, less what it may send unread anyway; it has it until the message
// is there, or until it lapses.
//
// Opening a session: the stream takes over its producer id, asks the journal
// for the last sequence when the older streams have settled, tells the observer
// and reads on when it has said SessionOpened.
class PublishStream final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
      public ProducerRegistry::Speaker,
      public SessionLink,
      public Admission::Reader,
      public std::enable_shared_from_this<PublishStream> {
 public:
  // `ingest` must outlive the stream, `producers` and `observer` (null: nobody)
  // its OnDone. `gone` is called in OnDone.
  PublishStream(Ingest* ingest, ProducerRegistry* producers,
                SessionObserver* observer,
                absl::AnyInvocable<void(PublishStream*)> gone);

  // Starts the first read. Once, when the stream is in its owner's hands.
  void Start() { Advance(); }

  // Tells the client that the server is about to stop. The stream lives on.
  void Drain(absl::Duration retry_after) ABSL_LOCKS_EXCLUDED(mu_);

  // Ends the stream when what is queued has been written.
  void End(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mu_);

  // Ends the stream ABORTED, when all of it that gets stored is acknowledged.
  void Fence(absl::AnyInvocable<void()> settled) override
      ABSL_LOCKS_EXCLUDED(mu_);

  void SendLevels(const v1::LevelUpdate& update) override
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void OnRoom() override ABSL_LOCKS_EXCLUDED(mu_);

  // gRPC's reactions, on its threads.
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // Does what the message that was read asks for; `room` was for it. An error
  // ends the stream with it.
  absl::Status TakeRead(Admission::Ticket room, int64_t size);
  absl::Status OpenSession(absl::string_view body);
  void FindLast();
  void OnLastSequence(const absl::StatusOr<uint64_t>& last);
  absl::Status TakeBatch(const MessageBytes& bytes, absl::string_view batch);

  void Append(const BatchSummary& summary, const BatchNumbers::Number& number,
              absl::Cord payload);
  void Reject(const BatchNumbers::Number& number, const absl::Status& why);
  // Adds a batch to those in flight, to be appended by this thread at once;
  // nullopt when the stream is ending and nothing more may be appended.
  std::optional<InFlightAppends::Ticket> AddInFlight(uint64_t number,
                                                     int64_t bytes);
  // The completion of an append, on the journal's thread.
  Journal::Done WhenStored(InFlightAppends::Ticket ticket);
  void OnStored(InFlightAppends::Ticket ticket, const absl::Status& status);
  void WaitForAppenderLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // The first reason counts.
  void EndLocked(absl::Status why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (!end_.has_value()) end_ = std::move(why);
  }
  void Advance() ABSL_LOCKS_EXCLUDED(mu_);
  void WriteLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void FinishLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Of a stream that is ending.
  bool OwesAcksLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Starts the next read, or asks for room for it, if the state allows one.
  void ReadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Remembers the size of the message that came, for the next ones.
  void ExpectLocked(int64_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  Ingest& ingest_;
  ProducerRegistry& producers_;
  const int64_t max_in_flight_bytes_;
  absl::AnyInvocable<void(PublishStream*)> gone_;

  // Of the message being taken: no lock, because one read is in flight at most,
  // and none while the session is opening.
  PublishSession session_;
  grpc::ByteBuffer read_buffer_;

  Mutex mu_;
  CondVar appended_;  // signalled when appender_ is cleared
  grpc::ByteBuffer write_buffer_ ABSL_GUARDED_BY(mu_);
  InFlightAppends in_flight_ ABSL_GUARDED_BY(mu_);
  ResponseQueue responses_ ABSL_GUARDED_BY(mu_);
  // The thread that is between AddInFlight and the end of OnReadDone.
  std::thread::id appender_ ABSL_GUARDED_BY(mu_);
  absl::AnyInvocable<void()> settled_ ABSL_GUARDED_BY(mu_);  // when it is out
  bool reading_ ABSL_GUARDED_BY(mu_) = false;  // or taking what was read
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool opening_ ABSL_GUARDED_BY(mu_) = false;  // up to SessionOpened
  // The observer is being told; the stream neither writes nor ends meanwhile.
  bool announcing_ ABSL_GUARDED_BY(mu_) = false;
  enum class Room { kNone, kAsked, kHas };
  Room room_ ABSL_GUARDED_BY(mu_) = Room::kNone;  // for the next read
  Admission::Ticket room_ticket_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t expected_bytes_ ABSL_GUARDED_BY(mu_);    // of the next message
  bool client_done_ ABSL_GUARDED_BY(mu_) = false;  // it half-closed
  bool broken_ ABSL_GUARDED_BY(mu_) = false;       // cancelled: nothing arrives
  bool append_failed_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mu_);  // why it is ending
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_STREAM_H_
