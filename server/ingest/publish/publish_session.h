#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_SESSION_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_SESSION_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/ingest/ingest.h"
#include "server/ingest/publish/batch_numbers.h"
#include "server/ingest/publish/session_observer.h"

namespace logboom {

// Whom the messages of one Publish stream come from: a producer with a session,
// or, when the first batch comes without OpenSession, an anonymous one. Numbers
// their batches, and tells the observer about them.
//
// Not thread-safe, but for Ended().
class PublishSession {
 public:
  // `observer` may be null; it must outlive this object's use.
  explicit PublishSession(SessionObserver* observer) : observer_(observer) {}

  // Takes an OpenSession. Errors: INVALID_ARGUMENT, it is none;
  // FAILED_PRECONDITION, it is not the first message that counts.
  absl::Status Open(absl::string_view body);

  // The last sequence stored is known: it goes on behind that.
  void Resume(uint64_t last_sequence) { numbers_.Resume(last_sequence); }
  // The session is open; `link` leads to the producer.
  void Announce(std::shared_ptr<SessionLink> link) const;

  // The number of the next batch, which says `sequence` (0: none). Errors: as
  // BatchNumbers.
  absl::StatusOr<BatchNumbers::Number> Number(uint64_t sequence);

  // Takes a LevelsApplied. Errors: INVALID_ARGUMENT, it is none.
  absl::Status TakeLevelsApplied(const SessionLink* link,
                                 absl::string_view body) const;

  // A newer stream took over.
  void Ended(const SessionLink* link) const;
  // The stream is over; nothing is called after that.
  void StreamOver(const SessionLink* link) const;

  // OpenSession came.
  bool has_producer() const { return phase_ == Phase::kSession; }
  const IngestSession& ingest() const { return ingest_; }

 private:
  enum class Phase { kNew, kSession, kAnonymous };

  SessionObserver* const observer_;
  Phase phase_ = Phase::kNew;
  IngestSession ingest_;
  BatchNumbers numbers_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PUBLISH_SESSION_H_
