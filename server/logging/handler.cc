#include "server/logging/handler.h"

#include <poll.h>

#include <cerrno>

namespace logboom {

absl::Status WaitWritable(int fd, const StopSignal& stop) {
  pollfd waits[] = {{.fd = fd, .events = POLLOUT},
                    {.fd = stop.fd(), .events = POLLIN}};
  while (poll(waits, 2, /*timeout=*/-1) < 0 && errno == EINTR) {
  }
  if (waits[1].revents != 0) return absl::CancelledError("stopping");
  return absl::OkStatus();
}

}  // namespace logboom
