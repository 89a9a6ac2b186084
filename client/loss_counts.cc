#include "client/loss_counts.h"

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

// Field numbers of Lost (proto/logboom/v1/ingest.proto).
constexpr uint32_t kLostReason = 1;
constexpr uint32_t kLostCount = 2;

size_t IndexOf(ProducerLoss reason) { return static_cast<size_t>(reason); }

}  // namespace

void LossCounts::Count(ProducerLoss reason, int64_t records) {
  totals_[IndexOf(reason)].fetch_add(records, std::memory_order_relaxed);
  unreported_[IndexOf(reason)].fetch_add(records, std::memory_order_relaxed);
}

void LossCounts::Report(ProducerLoss reason, int64_t records) {
  unreported_[IndexOf(reason)].fetch_add(records, std::memory_order_relaxed);
}

int64_t LossCounts::total(ProducerLoss reason) const {
  return totals_[IndexOf(reason)].load(std::memory_order_relaxed);
}

int64_t LossCounts::sum() const {
  int64_t sum = 0;
  for (const auto& total : totals_) {
    sum += total.load(std::memory_order_relaxed);
  }
  return sum;
}

bool LossCounts::has_unreported() const {
  for (const auto& count : unreported_) {
    if (count.load(std::memory_order_relaxed) > 0) return true;
  }
  return false;
}

std::string LossCounts::ToString() const {
  std::string text;
  for (size_t i = 0; i < totals_.size(); ++i) {
    const auto reason = static_cast<ProducerLoss>(i);
    if (total(reason) == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", ProducerLossName(reason),
                    " ", total(reason));
  }
  return text;
}

LossCounts::Unreported LossCounts::Take() {
  Unreported taken;
  for (size_t i = 0; i < taken.counts.size(); ++i) {
    taken.counts[i] = unreported_[i].exchange(0, std::memory_order_relaxed);
  }
  return taken;
}

void LossCounts::GiveBack(const Unreported& unreported) {
  for (size_t i = 0; i < unreported.counts.size(); ++i) {
    unreported_[i].fetch_add(unreported.counts[i], std::memory_order_relaxed);
  }
}

bool LossCounts::Unreported::empty() const {
  for (const int64_t count : counts) {
    if (count > 0) return false;
  }
  return true;
}

std::string LossCounts::Unreported::Encode() const {
  std::string encoded;
  MessageWriter batch(&encoded);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const OpenField lost = batch.Begin(kBatchLostField);
    batch.Bytes(kLostReason, ProducerLossName(static_cast<ProducerLoss>(i)));
    batch.Varint(kLostCount, static_cast<uint64_t>(counts[i]));
    batch.End(lost);
  }
  return encoded;
}

}  // namespace logboom
