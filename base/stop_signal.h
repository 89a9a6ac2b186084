#ifndef LOGBOOM_BASE_STOP_SIGNAL_H_
#define LOGBOOM_BASE_STOP_SIGNAL_H_

#include <sys/eventfd.h>

#include "base/unique_fd.h"

namespace logboom {

// Tells threads that wait in poll(2) to stop: poll fd() for POLLIN beside
// whatever else is waited for. Once given it stays given. Thread-safe; Give()
// is safe in a signal handler too.
class StopSignal {
 public:
  StopSignal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void Give() { eventfd_write(fd_.get(), 1); }
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

}  // namespace logboom

#endif  // LOGBOOM_BASE_STOP_SIGNAL_H_
