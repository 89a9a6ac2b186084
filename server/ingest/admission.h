#ifndef LOGBOOM_SERVER_INGEST_ADMISSION_H_
#define LOGBOOM_SERVER_INGEST_ADMISSION_H_

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace logboom {

// The memory for what comes in: bytes that are being received and bytes that
// wait for the disk, together about `limit_bytes`.
//
// gRPC takes a message whole before it shows it, and does not tell before how
// large it is. So a reader asks for room for the largest it expects, starts its
// read when it has it, and gives it back when the message is there and charged
// as what it is. Readers without room wait in one queue and are served in the
// order they came, so that many large messages cannot starve a small one.
//
// While some wait, nobody keeps the others out for good. A stream may be silent
// for hours: room it does not use lapses, while its read stays. A call brings
// its message at once or is of no use: it is told when it has taken too long,
// be it waiting or receiving.
//
// Thread-safe. Calls readers without its lock, so that it may be called under
// theirs where this is said.
class Admission {
 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    // It has the room it waited for. On the thread that made it; must not
    // block.
    virtual void OnRoom() = 0;
    // A call's patience is over, or the others' with it; it must Return() its
    // ticket. On the thread that ticks; must not block.
    virtual void OnOverdue() {}
  };

  enum class Kind { kCall, kStream };

  // Names one request for room; 0: none, and nothing to return.
  using Ticket = uint64_t;
  struct Place {
    Ticket ticket = 0;
    bool has_room = false;
    bool refused() const { return ticket == 0 && !has_room; }
  };

  // Calls that may wait: each may have filled its window already. Streams wait
  // without a bound.
  static constexpr size_t kMostWaitingCalls = 256;
  static constexpr absl::Duration kLongestWait = absl::Seconds(5);
  // From having room to having the message, when others wait.
  static constexpr absl::Duration kLongestReceive = absl::Seconds(10);
  // The room of a stream lapses when others have waited for so long that it had
  // it, and before that, the oldest first, while the queue has not moved for
  // kStuck. That is a guess, since a message may be on its way in it, so no
  // more than LapsingPerTick() goes at a time: less than a usable network
  // brings.
  static constexpr absl::Duration kIdle = absl::Seconds(10);
  static constexpr absl::Duration kStuck = absl::Milliseconds(100);
  int64_t LapsingPerTick() const { return limit_bytes_ / 50; }

  explicit Admission(int64_t limit_bytes,
                     std::function<absl::Time()> clock = absl::Now)
      : limit_bytes_(limit_bytes), clock_(std::move(clock)) {}

  // Asks for room for `bytes`, of which a quarter of the limit counts at most.
  // Without room the reader waits and OnRoom() is called later, unless too many
  // calls wait already. May be called under the reader's lock.
  Place Ask(std::shared_ptr<Reader> reader, Kind kind, int64_t bytes)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Whether a message of this size, which came to a stream with this ticket,
  // may be kept. False: its room has lapsed, or was for less, and so much came
  // so that over half more than the limit would be held.
  bool MayKeep(Ticket ticket, int64_t bytes) const ABSL_LOCKS_EXCLUDED(mu_);

  // Gives the room back, or leaves the queue; a ticket that is returned, or 0,
  // is ignored. Calls OnRoom() of others.
  void Return(Ticket ticket) ABSL_LOCKS_EXCLUDED(mu_);

  // Counts what has come, limit or not, until Release(), which calls OnRoom()
  // of others.
  void Charge(int64_t bytes) ABSL_LOCKS_EXCLUDED(mu_);
  void Release(int64_t bytes) ABSL_LOCKS_EXCLUDED(mu_);

  // Ends what has taken too long. To be called every kTick while some wait.
  void Tick() ABSL_LOCKS_EXCLUDED(mu_);
  static constexpr absl::Duration kTick = absl::Milliseconds(50);

  // For the thread that ticks: returns when a tick is due; false: Stop() was
  // called.
  bool AwaitTick() ABSL_LOCKS_EXCLUDED(mu_);
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  // Room that readers have, and charged bytes.
  int64_t held_bytes() const ABSL_LOCKS_EXCLUDED(mu_);
  size_t waiting() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Request {
    Ticket ticket;
    std::shared_ptr<Reader> reader;
    Kind kind;
    int64_t bytes;
    bool admitted;
    absl::Time since;  // it waits, or has room
  };
  using Requests = std::list<Request>;
  using Readers = std::vector<std::shared_ptr<Reader>>;

  bool HasRoomLocked(int64_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return held_bytes_ + bytes <= limit_bytes_ && held_bytes_ < limit_bytes_;
  }
  // Takes back the room that streams have had since before, the oldest first,
  // up to `most_bytes`; returns how much.
  int64_t LapseLocked(absl::Time before, int64_t most_bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // There is more room, because something came or went on.
  Readers GoOnLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteMovedLocked(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    moved_ = now;
    may_lapse_bytes_ = 0;
  }
  // Gives room to those in front, and returns them, to be told.
  Readers AdmitLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Readers OverdueLocked(absl::Time now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void EraseLocked(Requests::iterator request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const int64_t limit_bytes_;
  const std::function<absl::Time()> clock_;

  mutable Mutex mu_;
  CondVar changed_;  // signalled when somebody begins to wait, or on Stop()
  int64_t held_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  Requests waiting_ ABSL_GUARDED_BY(mu_);   // the first came first
  Requests admitted_ ABSL_GUARDED_BY(mu_);  // the first was admitted first
  absl::flat_hash_map<Ticket, Requests::iterator> requests_
      ABSL_GUARDED_BY(mu_);  // of both
  Ticket last_ticket_ ABSL_GUARDED_BY(mu_) = 0;
  size_t waiting_calls_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time moved_ ABSL_GUARDED_BY(mu_);  // the queue: began, or went on
  int64_t may_lapse_bytes_ ABSL_GUARDED_BY(mu_) = 0;  // as it is stuck
  bool ticker_sleeps_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_ADMISSION_H_
