#ifndef LOGBOOM_BASE_NAMED_THREAD_H_
#define LOGBOOM_BASE_NAMED_THREAD_H_

#include <pthread.h>

#include <string>
#include <thread>
#include <utility>

#include "absl/strings/string_view.h"

namespace logboom {

// A std::thread that runs `run`, with a name for debuggers, profilers and
// `top -H`: the first 15 bytes of `name`, which is all that Linux keeps.
template <typename Run>
std::thread NamedThread(absl::string_view name, Run&& run) {
  constexpr size_t kMaxBytes = 15;
  std::thread thread(std::forward<Run>(run));
  pthread_setname_np(thread.native_handle(),
                     std::string(name.substr(0, kMaxBytes)).c_str());
  return thread;
}

}  // namespace logboom

#endif  // LOGBOOM_BASE_NAMED_THREAD_H_
