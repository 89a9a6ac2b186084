#ifndef LOGBOOM_CLIENT_LOSS_COUNTS_H_
#define LOGBOOM_CLIENT_LOSS_COUNTS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "proto/wire/producer_loss.h"

namespace logboom {

// Records dropped, by reason: totals that never fall, and of them what no batch
// has reported yet.
//
// Thread-safe; counting is two relaxed additions.
class LossCounts {
 public:
  void Count(ProducerLoss reason, int64_t records = 1);

  // To be reported, but in no total: others' records.
  void Report(ProducerLoss reason, int64_t records);

  int64_t total(ProducerLoss reason) const;
  int64_t sum() const;
  bool has_unreported() const;
  // "buffer_full 12, shut_down 3"
  std::string ToString() const;

  // Takes what is to be reported, one encoded `lost` field of LogBatch a
  // reason; empty: nothing is. What is taken must reach the server in one
  // batch; if that batch is dropped as well, GiveBack.
  struct Unreported {
    std::array<int64_t, kProducerLossCount> counts{};
    bool empty() const;
    std::string Encode() const;
  };
  Unreported Take();
  void GiveBack(const Unreported& unreported);

 private:
  std::array<std::atomic<int64_t>, kProducerLossCount> totals_{};
  std::array<std::atomic<int64_t>, kProducerLossCount> unreported_{};
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_LOSS_COUNTS_H_
