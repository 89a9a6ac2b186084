#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_ARENA_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace logboom {

// Memory that is given back all at once. A warm arena takes a pickle's values
// without allocating. Not thread-safe.
class PickleArena {
 public:
  PickleArena() = default;
  PickleArena(const PickleArena&) = delete;
  PickleArena& operator=(const PickleArena&) = delete;

  // Room for `count` objects, not constructed. Valid until Reset().
  template <typename T>
  T* Allocate(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "never destroyed");
    static_assert(alignof(T) <= kAlignment);
    return static_cast<T*>(AllocateBytes(count * sizeof(T)));
  }

  template <typename T>
  T* New(T value = T()) {
    return new (Allocate<T>(1)) T(std::move(value));
  }

  // Takes everything back, and keeps what a usual record needs.
  void Reset() {
    large_.clear();
    blocks_.resize(std::min(blocks_.size(), kKeptBlocks));
    next_block_ = 0;
    left_ = 0;
  }

 private:
  static constexpr size_t kAlignment = alignof(std::max_align_t);
  static constexpr size_t kBlockBytes = size_t{32} << 10;
  static constexpr size_t kKeptBlocks = 8;
  using Block = std::unique_ptr<char[]>;

  void* AllocateBytes(size_t size) {
    size = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (size > kBlockBytes / 4) {
      large_.push_back(Block(new char[size]));
      return large_.back().get();
    }
    if (size > left_) StartBlock();
    char* const at = cursor_;
    cursor_ += size;
    left_ -= size;
    return at;
  }

  void StartBlock() {
    if (next_block_ == blocks_.size()) {
      blocks_.push_back(Block(new char[kBlockBytes]));
    }
    cursor_ = blocks_[next_block_++].get();
    left_ = kBlockBytes;
  }

  std::vector<Block> blocks_;
  std::vector<Block> large_;
  size_t next_block_ = 0;
  char* cursor_ = nullptr;
  size_t left_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_ARENA_H_
