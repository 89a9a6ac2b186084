#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_STREAM_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "server/ingest/ingest.h"
#include "server/ingest/publish/batch_numbers.h"
#include "server/ingest/publish/in_flight_appends.h"
#include "server/ingest/publish/producer_registry.h"
#include "server/ingest/publish/publish_message.h"
#include "server/ingest/publish/publish_reactor.h"
#include "server/ingest/publish/publish_session.h"
#include "server/ingest/publish/session_observer.h"

namespace logboom {

// One producer's Publish stream: what its messages do
// (proto/logboom/v1/ingest.proto says what they mean). When it reads, writes
// and ends is PublishReactor's.
//
// Who owns it: the service, until OnOver; besides it every append that has not
// called back, a session's opening and a wait for room, so that the object goes
// with the last of them. After OnOver nothing of gRPC or of the service is
// touched.
//
// Order: only Take appends, and the next read starts when it has, so that
// batches are appended in the order they came. When one was not stored nothing
// behind it may be: OnStored lets the journal go on only when no append of this
// stream is on its way, so that the journal fails what it was handed by then
// (Journal::Append) and later batches find the stream ending.
//
// Opening a session: the stream takes over its producer id, asks the journal
// for the last sequence when the older streams have settled, tells the observer
// and reads on when it has said SessionOpened.
class PublishStream final : public PublishReactor,
                            public ProducerRegistry::Speaker,
                            public SessionLink {
 public:
  // `ingest` must outlive the stream, `producers` and `observer` (null: nobody)
  // its OnOver. `gone` is called in OnOver.
  PublishStream(Ingest* ingest, ProducerRegistry* producers,
                SessionObserver* observer,
                absl::AnyInvocable<void(PublishStream*)> gone);

  // Ends the stream ABORTED, when all of it that gets stored is acknowledged.
  void Fence(absl::AnyInvocable<void()> settled) override
      ABSL_LOCKS_EXCLUDED(mu_);

  void SendLevels(const v1::LevelUpdate& update) override
      ABSL_LOCKS_EXCLUDED(mu_);

 private:
  absl::Status Take(const MessageBytes& bytes) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnOver() override;

  absl::Status TakeMessage(const MessageBytes& bytes);
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

  std::shared_ptr<PublishStream> Self() {
    return std::static_pointer_cast<PublishStream>(shared_from_this());
  }

  ProducerRegistry& producers_;
  absl::AnyInvocable<void(PublishStream*)> gone_;

  // Of the message being taken: no lock, because one is at a time, and none
  // while the session is opening.
  PublishSession session_;

  CondVar appended_;  // signalled when appender_ is cleared
  // The thread that is between AddInFlight and the end of Take.
  std::thread::id appender_ ABSL_GUARDED_BY(mu_);
  absl::AnyInvocable<void()> settled_ ABSL_GUARDED_BY(mu_);  // when it is out
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_STREAM_H_
