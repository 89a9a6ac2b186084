#ifndef LOGBOOM_CLIENT_RECORD_BUFFER_H_
#define LOGBOOM_CLIENT_RECORD_BUFFER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/chunk_pool.h"

namespace logboom {

// What the program's threads have logged and no batch has taken yet. Each
// thread fills a chunk of its own, and puts a full one behind its earlier ones;
// the sender takes full ones, and when they have waited long enough the others.
//
// Append: any thread, in static constructors and destructors too. Collect: the
// sender's thread only. The rest: thread-safe.
class RecordBuffer {
 public:
  // Why the sender might want to look.
  enum class News {
    kRecords,     // a record of a thread of which Collect had left none
    kFullChunks,  // at least wake_bytes are in full chunks
    kRoomWanted,  // a thread found no room
  };
  struct Options {
    int64_t capacity_bytes = 0;  // of all chunks that exist
    int64_t chunk_bytes = int64_t{16} << 10;
    int64_t wake_bytes = int64_t{256} << 10;
    // How long Append waits for room; zero: not at all.
    absl::Duration room_timeout;
  };
  // `news` is called on the thread that has them, with no lock held; it must
  // not block.
  RecordBuffer(const Options& options, std::function<void(News)> news);
  ~RecordBuffer();

  enum class Outcome { kTaken, kFull, kClosed };
  // Adds one record of `size` bytes, tag and length of its field included:
  // `write(char* to)` writes exactly that many, under this thread's lock, and
  // must neither throw nor log.
  template <typename Write>
  Outcome Append(size_t size, Write&& write);

  // Takes chunks with about `max_bytes` of records, each thread's in order:
  // full ones, and with `partial` those being filled too. Of a thread, never a
  // later record before an earlier one.
  std::vector<RecordChunk> Collect(int64_t max_bytes, bool partial)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Records appended so far; bytes of capacity in use; bytes of records in full
  // chunks not collected.
  int64_t appended() const ABSL_LOCKS_EXCLUDED(mu_);
  int64_t used_bytes() const { return pool_->used_bytes(); }
  int64_t full_chunk_bytes() const {
    return full_bytes_.load(std::memory_order_relaxed);
  }

  // From now on Append says kClosed; ends its waits. When this returns no
  // record is being written.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  friend class ThreadSlots;

  // What one thread has here. Threads that log while they end share one.
  struct alignas(64) Slot {
    Mutex mu;
    RecordChunk current ABSL_GUARDED_BY(mu);
    std::deque<RecordChunk> full ABSL_GUARDED_BY(mu);
    int64_t appended ABSL_GUARDED_BY(mu) = 0;
    bool closed ABSL_GUARDED_BY(mu) = false;
    bool thread_ended ABSL_GUARDED_BY(mu) = false;
  };
  // One Append's.
  struct RoomSearch {
    absl::Time deadline = absl::InfinitePast();  // not set yet
    int64_t returns = 0;  // to the pool, when it had no room
    bool had_no_chunk = false;
  };

  Slot& ThisThreadsSlot();
  std::shared_ptr<Slot> NewSlot() ABSL_LOCKS_EXCLUDED(mu_);
  // Gives the slot a chunk with that much room, or waits until it may be worth
  // trying again. False: there is none in time.
  bool MakeRoom(Slot* slot, size_t size, RoomSearch* search);
  bool WaitForRoom(RoomSearch* search);
  // Returns the bytes of records taken.
  int64_t TakeFrom(Slot* slot, int64_t max_bytes, bool partial,
                   std::vector<RecordChunk>* taken);

  const uint64_t id_;  // of no other buffer in this process, ever
  const Options options_;
  const std::function<void(News)> news_;
  const std::shared_ptr<ChunkPool> pool_;
  std::atomic<int64_t> full_bytes_{0};

  mutable Mutex mu_;  // before any slot's
  std::vector<std::shared_ptr<Slot>> slots_ ABSL_GUARDED_BY(mu_);
  size_t next_slot_ ABSL_GUARDED_BY(mu_) = 0;  // where Collect begins
  int64_t appended_by_ended_ ABSL_GUARDED_BY(mu_) = 0;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;

  const std::shared_ptr<Slot> late_slot_;
};

template <typename Write>
RecordBuffer::Outcome RecordBuffer::Append(size_t size, Write&& write) {
  Slot& slot = ThisThreadsSlot();
  RoomSearch search;
  while (true) {
    {
      MutexLock lock(&slot.mu);
      if (slot.closed) return Outcome::kClosed;
      if (slot.current.room() >= size) {
        write(slot.current.AddRecord(size));
        ++slot.appended;
        break;
      }
    }
    if (!MakeRoom(&slot, size, &search)) return Outcome::kFull;
  }
  if (search.had_no_chunk) news_(News::kRecords);
  return Outcome::kTaken;
}

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_RECORD_BUFFER_H_
