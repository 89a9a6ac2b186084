#include "client/chunk_pool.h"

#include <algorithm>
#include <new>
#include <utility>

namespace logboom {

RecordChunk& RecordChunk::operator=(RecordChunk&& other) noexcept {
  if (this == &other) return *this;
  Release();
  pool_ = std::move(other.pool_);
  bytes_ = std::move(other.bytes_);
  capacity_ = std::exchange(other.capacity_, 0);
  size_ = std::exchange(other.size_, 0);
  record_count_ = std::exchange(other.record_count_, 0);
  return *this;
}

RecordChunk::~RecordChunk() { Release(); }

void RecordChunk::Release() {
  if (pool_ == nullptr) return;
  pool_->GiveBack(std::move(bytes_), capacity_);
  pool_ = nullptr;
}

absl::Cord RecordChunk::ToCord() && {
  const absl::string_view view = records();
  return absl::MakeCordFromExternal(view, [kept = std::move(*this)] {});
}

RecordChunk ChunkPool::Take(size_t bytes, int64_t* returns) {
  const auto wanted = std::max(static_cast<int64_t>(bytes), chunk_bytes_);
  std::unique_ptr<char[]> memory;
  {
    MutexLock lock(&mu_);
    if (free_.capacity() == 0) free_.reserve(most_free_);
    if (wanted == chunk_bytes_ && !free_.empty()) {
      memory = std::move(free_.back());
      free_.pop_back();
    } else {
      while (!FitsLocked(wanted) && !free_.empty()) free_.pop_back();
      *returns = returns_;
      if (!FitsLocked(wanted)) return RecordChunk();
    }
    used_bytes_.fetch_add(wanted, std::memory_order_relaxed);
  }
  if (memory == nullptr) memory.reset(new (std::nothrow) char[wanted]);
  if (memory == nullptr) {
    MutexLock lock(&mu_);
    used_bytes_.fetch_sub(wanted, std::memory_order_relaxed);
    return RecordChunk();
  }
  return NewChunk(std::move(memory), static_cast<size_t>(wanted));
}

bool ChunkPool::FitsLocked(int64_t bytes) const {
  const auto free_bytes = static_cast<int64_t>(free_.size()) * chunk_bytes_;
  return used_bytes() + free_bytes + bytes <= capacity_bytes_;
}

RecordChunk ChunkPool::NewChunk(std::unique_ptr<char[]> bytes,
                                size_t capacity) {
  RecordChunk chunk;
  chunk.pool_ = shared_from_this();
  chunk.bytes_ = std::move(bytes);
  chunk.capacity_ = capacity;
  return chunk;
}

// Called by destructors: the free list was reserved when a chunk was taken, so
// that nothing is allocated here.
void ChunkPool::GiveBack(std::unique_ptr<char[]> bytes, size_t capacity) {
  MutexLock lock(&mu_);
  used_bytes_.fetch_sub(static_cast<int64_t>(capacity),
                        std::memory_order_relaxed);
  if (static_cast<int64_t>(capacity) == chunk_bytes_ &&
      free_.size() < most_free_) {
    free_.push_back(std::move(bytes));
  }
  ++returns_;
  given_back_.NotifyAll();
}

bool ChunkPool::WaitForRoom(int64_t returns, absl::Time deadline) {
  MutexLock lock(&mu_);
  while (!closed_ && returns_ == returns) {
    if (!given_back_.WaitUntil(&mu_, deadline)) return false;
  }
  return !closed_;
}

void ChunkPool::Close() {
  MutexLock lock(&mu_);
  closed_ = true;
  given_back_.NotifyAll();
}

}  // namespace logboom
