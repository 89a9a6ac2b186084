#ifndef LOGBOOM_SERVER_INGEST_RAW_SPARE_BUFFERS_H_
#define LOGBOOM_SERVER_INGEST_RAW_SPARE_BUFFERS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace logboom {

// Buffers of batches that are on disk, for the next ones: memory from the
// allocator would fault in page by page each time. Holds a few only; the rest
// is freed.
//
// Thread-safe: the raw port's loop takes, the journal's thread gives back.
class SpareBuffers {
 public:
  static constexpr size_t kMost = 8;

  // Of at least `bytes` each.
  explicit SpareBuffers(size_t bytes) : bytes_(bytes) {}

  // An empty buffer with room for `bytes`.
  std::string Take() ABSL_LOCKS_EXCLUDED(mu_) {
    std::string buffer;
    {
      MutexLock lock(&mu_);
      if (!spares_.empty()) {
        buffer = std::move(spares_.back());
        spares_.pop_back();
      }
    }
    buffer.clear();
    buffer.reserve(bytes_);
    return buffer;
  }

  void Give(std::string buffer) ABSL_LOCKS_EXCLUDED(mu_) {
    // A larger one was for a single large frame.
    if (buffer.capacity() > 2 * bytes_) return;
    MutexLock lock(&mu_);
    if (spares_.size() < kMost) spares_.push_back(std::move(buffer));
  }

 private:
  const size_t bytes_;
  Mutex mu_;
  std::vector<std::string> spares_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_SPARE_BUFFERS_H_
