#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_SESSION_OBSERVER_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_SESSION_OBSERVER_H_

#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "logboom/v1/ingest.pb.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// The way back to the producer of an open session. Thread-safe.
class SessionLink {
 public:
  virtual ~SessionLink() = default;

  // Sends the producer all levels that the service sets there. Of those still
  // waiting to be sent only the one with the greatest version is; one with a
  // version not above the last one's is dropped, so that senders need not take
  // turns. Nothing happens when the stream is over.
  virtual void SendLevels(const v1::LevelUpdate& update) = 0;
};

// Hears which producers are connected, and tells them levels. It must be
// thread-safe, and must not block; no lock of a stream is held.
class SessionObserver {
 public:
  virtual ~SessionObserver() = default;

  // SessionOpened is about to be sent; levels sent on the link during this call
  // follow it at once. `resource`, encoded, is valid during the call.
  virtual void OnSessionOpened(std::shared_ptr<SessionLink> link,
                               const ProducerId& producer,
                               absl::string_view resource) = 0;
  // The producer says that the levels of this LevelUpdate count now.
  virtual void OnLevelsApplied(const SessionLink* link, uint64_t version) = 0;
  // The session is over, or a newer stream took its producer over. May come
  // twice; last behind OnSessionOpened, if that came. No link need be kept.
  virtual void OnSessionEnded(const SessionLink* link) = 0;

  // A stream that opened no session has begun and ended; it cannot be told
  // levels.
  virtual void OnAnonymousBegun() = 0;
  virtual void OnAnonymousEnded() = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_SESSION_OBSERVER_H_
