#include "proto/wire/producer_loss.h"

#include <cstddef>

namespace logboom {
namespace {

constexpr absl::string_view kNames[kProducerLossCount] = {
    "buffer_full", "spool_full", "encode_failed", "shut_down", "forked"};

}  // namespace

absl::string_view ProducerLossName(ProducerLoss loss) {
  return kNames[static_cast<size_t>(loss)];
}

std::optional<ProducerLoss> ProducerLossFromName(absl::string_view name) {
  for (int i = 0; i < kProducerLossCount; ++i) {
    if (kNames[i] == name) return static_cast<ProducerLoss>(i);
  }
  return std::nullopt;
}

}  // namespace logboom
