#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_READ_ROOM_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_READ_ROOM_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "server/ingest/admission.h"
#include "server/ingest/grpc/stream_window.h"

namespace logboom {

// A stream's room for the message it reads next: as much as its last messages
// were large, less what it may send unread anyway. Not thread-safe.
class ReadRoom {
 public:
  // `first_bytes`: what a stream is expected to send that has sent nothing yet.
  explicit ReadRoom(int64_t first_bytes) : expected_bytes_(first_bytes) {}

  // Whether there is room for the next read. If not, `stream` has asked for it
  // when this returns, or had before, and hears OnRoom().
  bool HasOrAsk(Admission* admission,
                std::shared_ptr<Admission::Reader> stream) {
    if (state_ == State::kNone) {
      const Admission::Place place = admission->Ask(
          std::move(stream), Admission::Kind::kStream,
          std::max<int64_t>(0, expected_bytes_ - kStreamWindowBytes));
      ticket_ = place.ticket;
      state_ = place.has_room ? State::kHas : State::kAsked;
    }
    return state_ == State::kHas;
  }

  void OnRoom() { state_ = State::kHas; }

  // The message is there, or no read is to come. What this returns must be
  // returned to Admission, without the stream's lock.
  Admission::Ticket LetGo() {
    state_ = State::kNone;
    return std::exchange(ticket_, 0);
  }

  // A message of this size came. A small one among large ones says little about
  // the next. Of a session's first batch this leaves 256 KiB to expect, where
  // the limit is 4 MiB.
  void Expect(int64_t bytes) {
    expected_bytes_ = std::max(bytes, expected_bytes_ / 16);
  }

 private:
  enum class State { kNone, kAsked, kHas };
  State state_ = State::kNone;
  Admission::Ticket ticket_ = 0;
  int64_t expected_bytes_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_READ_ROOM_H_
