#ifndef LOGBOOM_CLIENT_CHUNK_POOL_H_
#define LOGBOOM_CLIENT_CHUNK_POOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace logboom {

class ChunkPool;

// Consecutive records of one thread, encoded one behind the other as elements
// of LogBatch.records. Its memory is part of its pool's capacity until it goes,
// which wakes the threads that wait for room; it may outlive the pool's owner.
// Move-only.
class RecordChunk {
 public:
  RecordChunk() = default;
  RecordChunk(RecordChunk&& other) noexcept { *this = std::move(other); }
  RecordChunk& operator=(RecordChunk&& other) noexcept;
  ~RecordChunk();

  // False: there is no memory behind it.
  bool exists() const { return pool_ != nullptr; }
  bool empty() const { return size_ == 0; }
  absl::string_view records() const { return {bytes_.get(), size_}; }
  int64_t record_count() const { return record_count_; }
  int64_t capacity_bytes() const { return static_cast<int64_t>(capacity_); }
  size_t room() const { return capacity_ - size_; }

  // Where the next record goes, of this size; there must be room.
  char* AddRecord(size_t size) {
    char* const to = bytes_.get() + size_;
    size_ += size;
    ++record_count_;
    return to;
  }

  // Its records as a Cord that keeps the chunk; nothing is copied.
  absl::Cord ToCord() &&;

 private:
  friend class ChunkPool;

  void Release();

  std::shared_ptr<ChunkPool> pool_;
  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
  size_t size_ = 0;
  int64_t record_count_ = 0;
};

// Memory for chunks: all that exist, those kept for use again included, have at
// most `capacity_bytes`. Owned by a shared_ptr, which its chunks share.
//
// Thread-safe.
class ChunkPool : public std::enable_shared_from_this<ChunkPool> {
 public:
  ChunkPool(int64_t capacity_bytes, int64_t chunk_bytes)
      : capacity_bytes_(capacity_bytes),
        chunk_bytes_(chunk_bytes),
        most_free_(static_cast<size_t>(capacity_bytes / 4 / chunk_bytes)) {}

  // A chunk of chunk_bytes, or a larger one for a larger record. One that does
  // not exist(): there is no room, and `returns` says for WaitForRoom when that
  // was.
  RecordChunk Take(size_t bytes, int64_t* returns) ABSL_LOCKS_EXCLUDED(mu_);
  // Waits until something was given back since a Take that found no room.
  // False: not until `deadline`, or Close was called.
  bool WaitForRoom(int64_t returns, absl::Time deadline)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Ends all waiting, now and later.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

  // Of chunks in use.
  int64_t used_bytes() const {
    return used_bytes_.load(std::memory_order_relaxed);
  }

 private:
  friend class RecordChunk;

  bool FitsLocked(int64_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  RecordChunk NewChunk(std::unique_ptr<char[]> bytes, size_t capacity);
  void GiveBack(std::unique_ptr<char[]> bytes, size_t capacity)
      ABSL_LOCKS_EXCLUDED(mu_);

  const int64_t capacity_bytes_;
  const int64_t chunk_bytes_;
  const size_t most_free_;              // chunks
  std::atomic<int64_t> used_bytes_{0};  // changed under mu_
  Mutex mu_;
  CondVar given_back_;
  std::vector<std::unique_ptr<char[]>> free_ ABSL_GUARDED_BY(mu_);
  int64_t returns_ ABSL_GUARDED_BY(mu_) = 0;  // chunks given back so far
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_CHUNK_POOL_H_
