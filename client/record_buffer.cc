#include "client/record_buffer.h"

#include <utility>

#include "absl/time/clock.h"

namespace logboom {

// Which slot a thread has in each buffer. Its destructor runs when the thread
// ends; the last slot used is remembered apart, without a destructor, so that a
// call finds it with two loads, and finds none once the thread has ended.
class ThreadSlots {
 public:
  ~ThreadSlots() {
    last_.buffer = 0;
    ended_ = true;
    for (Owned& owned : slots_) {
      MutexLock lock(&owned.slot->mu);
      owned.slot->thread_ended = true;
    }
  }

  struct Last {
    uint64_t buffer = 0;
    RecordBuffer::Slot* slot = nullptr;
  };
  static thread_local constinit Last last_;
  static thread_local constinit bool ended_;

  static ThreadSlots& OfThisThread() {
    static thread_local ThreadSlots slots;
    return slots;
  }

  // The slot in this buffer; null: there is none yet.
  RecordBuffer::Slot* Find(uint64_t buffer) {
    for (const Owned& owned : slots_) {
      if (owned.buffer == buffer) return owned.slot.get();
    }
    return nullptr;
  }
  RecordBuffer::Slot* Add(uint64_t buffer,
                          std::shared_ptr<RecordBuffer::Slot> slot) {
    // Slots that nobody but this thread knows are of buffers that are gone.
    std::erase_if(
        slots_, [](const Owned& owned) { return owned.slot.use_count() == 1; });
    return slots_.emplace_back(Owned{buffer, std::move(slot)}).slot.get();
  }

 private:
  struct Owned {
    uint64_t buffer;
    std::shared_ptr<RecordBuffer::Slot> slot;
  };
  std::vector<Owned> slots_;
};

thread_local constinit ThreadSlots::Last ThreadSlots::last_;
thread_local constinit bool ThreadSlots::ended_ = false;

namespace {

uint64_t NextBufferId() {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

RecordBuffer::RecordBuffer(const Options& options,
                           std::function<void(News)> news)
    : id_(NextBufferId()),
      options_(options),
      news_(std::move(news)),
      pool_(std::make_shared<ChunkPool>(options.capacity_bytes,
                                        options.chunk_bytes)),
      late_slot_(NewSlot()) {}

RecordBuffer::~RecordBuffer() { Close(); }

RecordBuffer::Slot& RecordBuffer::ThisThreadsSlot() {
  ThreadSlots::Last& last = ThreadSlots::last_;
  if (last.buffer == id_) return *last.slot;
  if (ThreadSlots::ended_) return *late_slot_;
  ThreadSlots& slots = ThreadSlots::OfThisThread();
  Slot* slot = slots.Find(id_);
  if (slot == nullptr) slot = slots.Add(id_, NewSlot());
  last = {id_, slot};
  return *slot;
}

std::shared_ptr<RecordBuffer::Slot> RecordBuffer::NewSlot() {
  auto slot = std::make_shared<Slot>();
  MutexLock lock(&mu_);
  {
    MutexLock slot_lock(&slot->mu);
    slot->closed = closed_;
  }
  slots_.push_back(slot);
  return slot;
}

bool RecordBuffer::MakeRoom(Slot* slot, size_t size, RoomSearch* search) {
  RecordChunk chunk = pool_->Take(size, &search->returns);
  if (!chunk.exists()) return WaitForRoom(search);
  int64_t filled = 0;
  {
    MutexLock lock(&slot->mu);
    if (!slot->current.exists()) search->had_no_chunk = true;
    if (!slot->current.empty()) {
      filled = static_cast<int64_t>(slot->current.records().size());
      slot->full.push_back(std::move(slot->current));
    }
    std::swap(slot->current, chunk);
  }
  const int64_t before = full_bytes_.fetch_add(filled);
  if (before < options_.wake_bytes && before + filled >= options_.wake_bytes) {
    news_(News::kFullChunks);
  }
  return true;
}

bool RecordBuffer::WaitForRoom(RoomSearch* search) {
  news_(News::kRoomWanted);
  if (options_.room_timeout <= absl::ZeroDuration()) return false;
  if (search->deadline == absl::InfinitePast()) {
    search->deadline = absl::Now() + options_.room_timeout;
  }
  // When it is closed, Append finds that out.
  return pool_->WaitForRoom(search->returns, search->deadline) ||
         absl::Now() < search->deadline;
}

std::vector<RecordChunk> RecordBuffer::Collect(int64_t max_bytes,
                                               bool partial) {
  std::vector<RecordChunk> taken;
  MutexLock lock(&mu_);
  const size_t count = slots_.size();
  int64_t bytes = 0;
  for (size_t i = 0; i < count && bytes < max_bytes; ++i) {
    Slot* slot = slots_[(next_slot_ + i) % count].get();
    bytes += TakeFrom(slot, max_bytes - bytes, partial, &taken);
  }
  next_slot_ = count == 0 ? 0 : (next_slot_ + 1) % count;
  std::erase_if(slots_, [this](const std::shared_ptr<Slot>& slot)
                            ABSL_NO_THREAD_SAFETY_ANALYSIS {
                              MutexLock slot_lock(&slot->mu);
                              if (!slot->thread_ended || !slot->full.empty() ||
                                  !slot->current.empty()) {
                                return false;
                              }
                              appended_by_ended_ += slot->appended;
                              return true;
                            });
  return taken;
}

int64_t RecordBuffer::TakeFrom(Slot* slot, int64_t max_bytes, bool partial,
                               std::vector<RecordChunk>* taken) {
  int64_t full = 0;
  int64_t bytes = 0;
  {
    MutexLock lock(&slot->mu);
    while (!slot->full.empty() && full < max_bytes) {
      full += static_cast<int64_t>(slot->full.front().records().size());
      taken->push_back(std::move(slot->full.front()));
      slot->full.pop_front();
    }
    bytes = full;
    if (partial && slot->full.empty() && bytes < max_bytes &&
        !slot->current.empty()) {
      bytes += static_cast<int64_t>(slot->current.records().size());
      taken->push_back(std::move(slot->current));
    }
  }
  full_bytes_.fetch_sub(full, std::memory_order_relaxed);
  return bytes;
}

int64_t RecordBuffer::appended() const {
  MutexLock lock(&mu_);
  int64_t appended = appended_by_ended_;
  for (const std::shared_ptr<Slot>& slot : slots_) {
    MutexLock slot_lock(&slot->mu);
    appended += slot->appended;
  }
  return appended;
}

void RecordBuffer::Close() {
  {
    MutexLock lock(&mu_);
    closed_ = true;
    for (const std::shared_ptr<Slot>& slot : slots_) {
      MutexLock slot_lock(&slot->mu);
      slot->closed = true;
    }
  }
  pool_->Close();
}

}  // namespace logboom
