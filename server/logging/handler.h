#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/stop_signal.h"
#include "server/journal/cursor.h"
#include "server/logging/logging_options.h"
#include "server/logging/output_claim.h"

namespace logboom {

// Whole records as text, one behind the other.
struct TextBlock {
  std::string text;
  std::vector<size_t> ends;  // where each record ends in `text`, rising

  void clear() {
    text.clear();
    ends.clear();
  }
};

// Where formatted text goes. One thread at a time: the handler's runner owns
// it.
//
// Text in a regular file, output(), is there exactly once, whatever is killed:
// the file itself tells a restart what it has. A console, a pipe and a device
// cannot be asked: what went there since the cursor was stored, up to about a
// second's records, goes there again after a kill (at least once).
class Handler {
 public:
  virtual ~Handler() = default;

  // Opens the destination, or opens it again after Close() or a failed Write,
  // and finds out where to go on by what `claim` knows of it.
  // Errors: FAILED_PRECONDITION and UNAVAILABLE, naming the destination: try
  // again.
  virtual absl::StatusOr<ResumedOutput> Open(const OutputClaim& claim) = 0;

  // Writes `block` from byte `*begin` on and moves `*begin` past what got out;
  // to a regular file with one system call, which may be less than all. Waits
  // for a slow destination in poll(2), together with `stop`.
  // Errors: CANCELLED, `stop` was given before all was written; UNAVAILABLE,
  // the destination failed: write the rest later, after Open() if it is no
  // regular file; ABORTED, somebody else was at the file, told in the message:
  // `*begin` is where to go on at its end, at a record's beginning if one was
  // torn.
  virtual absl::Status Write(const TextBlock& block, size_t* begin,
                             const StopSignal& stop) = 0;

  // The regular file it has open, as long as it is known to be; else nothing.
  virtual OutputFile output() const { return {}; }

  // Makes what was written to a regular file durable. Errors: DATA_LOSS, what
  // was written since the last success may be gone.
  virtual absl::Status Sync() { return absl::OkStatus(); }

  // Whether the path of its regular file leads to another one by now, or to
  // none.
  virtual bool IsReplaced() const { return false; }

  virtual void Close() {}
};

// Waits until `fd` takes more, or `stop` is given. Errors: CANCELLED.
absl::Status WaitWritable(int fd, const StopSignal& stop);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_H_
