#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_RESPONSE_QUEUE_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_RESPONSE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {

// What one Publish stream has yet to tell its client. gRPC takes one write at a
// time; what comes up meanwhile is merged here: of several acks only the
// greatest is sent. Not thread-safe.
class ResponseQueue {
 public:
  // A stream with this many Rejected waiting starts no new read, so that a
  // client that sends and never reads cannot make the queue grow.
  static constexpr size_t kMaxRejections = 64;

  // Acks what it reports as stored.
  void Opened(uint64_t last_sequence, int64_t max_batch_bytes);
  void Reject(uint64_t sequence, const absl::Status& why);
  // Everything up to `sequence`; nothing new when that was said before.
  void Ack(uint64_t sequence);
  // Says the last ack again, for a client that sent this one twice, unless the
  // original's ack is still to come.
  void RepeatAck(uint64_t sequence) { ack_due_ |= sequence <= acked_; }
  // Only the newest is kept; one with a version not above the last one's is
  // dropped.
  void Levels(const v1::LevelUpdate& update);
  void DropLevels() { levels_.reset(); }
  void Drain(absl::Duration retry_after) { drain_ = retry_after; }

  bool empty() const;
  bool full() const { return rejections_.size() >= kMaxRejections; }

  // Takes the next message: SessionOpened before all, then levels, a Rejected
  // before the ack that covers it. Only when not empty.
  v1::PublishResponse Next();

 private:
  std::optional<v1::SessionOpened> opened_;
  std::optional<v1::LevelUpdate> levels_;
  uint64_t levels_version_ = 0;  // the last one's
  std::deque<v1::Rejected> rejections_;
  uint64_t acked_ = 0;
  bool ack_due_ = false;
  std::optional<absl::Duration> drain_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_RESPONSE_QUEUE_H_
