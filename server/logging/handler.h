#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/stop_signal.h"

namespace logboom {

// Where formatted text goes. One thread at a time: the handler's runner owns it.
class Handler {
 public:
  virtual ~Handler() = default;

  // Opens the destination. Called before the first Write, and again after one
  // failed. Errors: FAILED_PRECONDITION, naming the destination.
  virtual absl::Status Open() = 0;

  // Writes whole records. Waits for a slow destination in poll(2), together
  // with `stop`.
  // Errors: CANCELLED, `stop` was given before all was written; UNAVAILABLE,
  // the destination failed. `*written` says how many bytes got out either way.
  virtual absl::Status Write(absl::string_view text, const StopSignal& stop,
                             size_t* written) = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_H_
