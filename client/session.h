#ifndef LOGBOOM_CLIENT_SESSION_H_
#define LOGBOOM_CLIENT_SESSION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/time/time.h"

namespace logboom {

struct SessionOptions {
  std::string server = "localhost:4317";  // host:port
  // 16 bytes; drawn at random when empty.
  std::string producer_id;
  // Drawn at random when 0.
  uint64_t epoch = 0;
  std::string resource;  // an encoded Resource; may be empty
  // Whether an ack means "on disk" (true) or "in the server's kernel".
  bool synced = true;
};

// A level that the server sets for a logger of this program.
struct PushedLevel {
  std::string logger;  // "root": the root logger
  int32_t levelno = 0;
  absl::Duration expires_in = absl::InfiniteDuration();
};

// What a session tells its owner. Called on gRPC's threads, one at a time, with
// no lock held. They may call the session, Connect from OnClosed included; they
// must not block, and must not destroy the session.
class SessionEvents {
 public:
  virtual ~SessionEvents() = default;

  // The stream is up. Everything up to `last_sequence` is stored: send what
  // comes after, in order. Called again after each Connect.
  virtual void OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) = 0;
  // Send will take another batch. Called after OnOpened, and after each batch
  // has been handed on.
  virtual void OnWritable() = 0;
  // All batches up to `sequence` have reached the depth, or were rejected.
  virtual void OnAck(uint64_t sequence) = 0;
  // This batch will never be stored.
  virtual void OnRejected(uint64_t sequence, const absl::Status& why) = 0;
  // From now on these levels are set by the server, and no others. Answer with
  // ConfirmLevels when they are applied.
  virtual void OnLevels(uint64_t version,
                        const std::vector<PushedLevel>& levels) {}
  // The server is about to stop: Send takes nothing more. CloseSending, collect
  // the acks that are due, and Connect again after `retry_after`.
  virtual void OnDrain(absl::Duration retry_after) = 0;
  // The stream ended; nothing more comes until the next Connect. OK: after
  // CloseSending, everything was acknowledged or rejected. UNAVAILABLE: resume
  // later; ABORTED: another producer took this id, draw a new one; CANCELLED:
  // Cancel was called; others: sending again will not help.
  virtual void OnClosed(const absl::Status& why) = 0;
};

// One producer's Publish stream: open, batches in flight, acks, resume by
// sequence. The bottom of the client: it holds no buffer of its own but the
// one batch being written, has no threads beyond gRPC's and never retries by
// itself; who owns it keeps unacknowledged batches and decides when to Connect
// again. All producers of ours stand on it.
//
// Thread-safe.
class Session {
 public:
  // `events` must outlive the session. Starts nothing.
  static std::unique_ptr<Session> Create(SessionOptions options,
                                         SessionEvents* events);

  // Cancels the stream and waits until no event can come any more.
  virtual ~Session() = default;

  // Opens a stream (the first, or the next after OnClosed), on a connection of
  // its own. Fails at once when the server's port is closed, and gives up when
  // the server has not answered by `deadline`; both are OnClosed(UNAVAILABLE).
  // Must not be called while a stream is open.
  virtual void Connect(absl::Time deadline) = 0;

  // Hands a batch to the open stream: an encoded LogBatch without its sequence,
  // `records` and then `lost`, as MessageWriter leaves them. It is shared, not
  // copied, until it has been handed on. `sequence` must be greater than the
  // last one sent on this stream. False when the stream cannot take one now,
  // because none is open, it is draining or closed for sending, or the last
  // message is still being written: OnWritable says when.
  virtual bool Send(uint64_t sequence, const absl::Cord& batch) = 0;

  // Tells the server that the levels of this OnLevels count now. Nothing
  // happens when the stream has ended.
  virtual void ConfirmLevels(uint64_t version) = 0;

  // Says that no more batches come; the server acknowledges the rest and ends
  // the stream (OnClosed with OK).
  virtual void CloseSending() = 0;

  // Ends the stream now.
  virtual void Cancel() = 0;

  virtual const std::string& producer_id() const = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SESSION_H_
