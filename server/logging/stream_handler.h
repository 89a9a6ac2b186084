#ifndef LOGBOOM_SERVER_LOGGING_STREAM_HANDLER_H_
#define LOGBOOM_SERVER_LOGGING_STREAM_HANDLER_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "base/unique_fd.h"
#include "server/logging/handler.h"

namespace logboom {

// One of the process's standard streams, shared by the handlers on it, which
// write whole records. It never blocks: pipes and terminals are reopened
// non-blocking, for themselves and not for other processes that hold them.
//
// Thread-safe.
class StandardStream {
 public:
  explicit StandardStream(int fd);

  // The shared object of stdout or stderr, for the life of the process.
  static StandardStream& Get(HandlerOptions::Stream stream);

  // Writes what the stream takes now of `block` from `begin` and says how many
  // bytes that was. A record cut by a full pipe counts as written: its rest is
  // kept and goes out before anything else. 0 when the stream takes nothing.
  // Errors: UNAVAILABLE.
  absl::StatusOr<size_t> WriteSome(const TextBlock& block, size_t begin)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Whether the rest of a cut record is still waiting, after trying once more.
  bool FlushRest() ABSL_LOCKS_EXCLUDED(mu_);

  int fd() const { return fd_; }

 private:
  absl::StatusOr<size_t> WriteNow(absl::string_view text) const;
  absl::Status FlushRestLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  UniqueFd reopened_;
  const int fd_;
  const mode_t type_;        // S_IFMT part of st_mode
  const size_t most_bytes_;  // a single write of more might block
  Mutex mu_;
  std::string rest_ ABSL_GUARDED_BY(mu_);
};

// logging.StreamHandler on stdout or stderr.
class StreamHandler : public Handler {
 public:
  // `stream` must outlive the handler.
  explicit StreamHandler(StandardStream* stream) : stream_(*stream) {}

  absl::StatusOr<ResumedOutput> Open(const OutputClaim& claim) override;
  // A record whose rest is still waiting in the stream is not passed by
  // `*begin`; when called again for the same block, it is not written again.
  absl::Status Write(const TextBlock& block, size_t* begin,
                     const StopSignal& stop) override;

 private:
  absl::Status WriteFrom(const TextBlock& block, size_t* at,
                         const StopSignal& stop);

  StandardStream& stream_;
  // From `*begin` of the last Write, where its rest may be in the stream.
  size_t cut_bytes_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_STREAM_HANDLER_H_
