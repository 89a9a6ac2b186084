#ifndef LOGBOOM_SERVER_INGEST_RAW_BYTE_BUDGET_H_
#define LOGBOOM_SERVER_INGEST_RAW_BYTE_BUDGET_H_

#include <atomic>
#include <cstdint>

namespace logboom {

// Counts bytes held against a limit. Thread-safe: the raw port's loop charges,
// the journal's thread releases what has become durable.
class ByteBudget {
 public:
  explicit ByteBudget(int64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // Charges `bytes` unless that would pass the limit.
  bool TryCharge(int64_t bytes) {
    if (held_.fetch_add(bytes, std::memory_order_relaxed) + bytes <=
        limit_bytes_) {
      return true;
    }
    Release(bytes);
    return false;
  }

  // Charges limit or not; for who asked full() before.
  void Charge(int64_t bytes) {
    held_.fetch_add(bytes, std::memory_order_relaxed);
  }
  void Release(int64_t bytes) {
    held_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  bool full() const { return held() >= limit_bytes_; }
  int64_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  const int64_t limit_bytes_;
  std::atomic<int64_t> held_{0};
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_BYTE_BUDGET_H_
