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
#include "server/logging/logging_options.h"

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
class Handler {
 public:
  virtual ~Handler() = default;

  // Opens the destination: at start, unless the handler opens at its first
  // record, and again after a Write failed.
  // Errors: FAILED_PRECONDITION, naming the destination.
  virtual absl::Status Open() = 0;

  // Writes `block` from byte `*begin` on and moves `*begin` past what got out.
  // Waits for a slow destination in poll(2), together with `stop`.
  // Errors: CANCELLED, `stop` was given before all was written; UNAVAILABLE,
  // the destination failed: Open() and write the rest.
  virtual absl::Status Write(const TextBlock& block, size_t* begin,
                             const StopSignal& stop) = 0;
};

// Waits until `fd` takes more, or `stop` is given. Errors: CANCELLED.
absl::Status WaitWritable(int fd, const StopSignal& stop);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_H_
