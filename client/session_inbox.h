#ifndef LOGBOOM_CLIENT_SESSION_INBOX_H_
#define LOGBOOM_CLIENT_SESSION_INBOX_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/session.h"

namespace logboom {

// What a session has told since somebody last looked, in the order it is to be
// taken: of several acks only the greatest is kept.
struct SessionNews {
  struct Opened {
    uint64_t last_sequence = 0;
    int64_t max_batch_bytes = 0;
  };
  struct Levels {
    uint64_t version = 0;
    std::vector<PushedLevel> levels;
  };
  std::optional<Opened> opened;
  std::vector<std::pair<uint64_t, absl::Status>> rejected;
  std::optional<uint64_t> acked;
  std::optional<Levels> levels;
  std::optional<absl::Duration> drain;
  std::optional<absl::Status> closed;
};

// Takes a session's events on gRPC's threads for the one that sends.
// Thread-safe.
class SessionInbox final : public SessionEvents {
 public:
  // `wake` is called, with no lock held, when there is something new.
  explicit SessionInbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  SessionNews Take() ABSL_LOCKS_EXCLUDED(mu_);

  void OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) override;
  void OnWritable() override { wake_(); }
  void OnAck(uint64_t sequence) override;
  void OnRejected(uint64_t sequence, const absl::Status& why) override;
  void OnLevels(uint64_t version,
                const std::vector<PushedLevel>& levels) override;
  void OnDrain(absl::Duration retry_after) override;
  void OnClosed(const absl::Status& why) override;

 private:
  const std::function<void()> wake_;
  Mutex mu_;
  SessionNews news_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SESSION_INBOX_H_
