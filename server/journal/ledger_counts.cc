#include "server/journal/ledger_counts.h"

#include "absl/strings/str_cat.h"
#include "logboom/v1/journal.pb.h"

namespace logboom {

void LedgerCounts::Add(absl::string_view name, uint64_t count) {
  if (count == 0) return;
  const auto found = counts_.find(std::string_view(name.data(), name.size()));
  if (found != counts_.end()) {
    found->second += count;
  } else {
    counts_.emplace(std::string(name), count);
  }
}

void LedgerCounts::Add(const LedgerCounts& other) {
  for (const auto& [name, count] : other.counts_) Add(name, count);
}

uint64_t LedgerCounts::count(absl::string_view name) const {
  const auto found = counts_.find(std::string_view(name.data(), name.size()));
  return found == counts_.end() ? 0 : found->second;
}

uint64_t LedgerCounts::sum() const {
  uint64_t sum = 0;
  for (const auto& [_, count] : counts_) sum += count;
  return sum;
}

std::string LedgerCounts::Encode() const {
  v1::LedgerDelta delta;
  for (const auto& [name, count] : counts_) {
    v1::LedgerCount& entry = *delta.add_counts();
    entry.set_reason(name);
    entry.set_count(count);
  }
  return delta.SerializeAsString();
}

absl::StatusOr<LedgerCounts> LedgerCounts::Decode(absl::string_view encoded) {
  v1::LedgerDelta delta;
  if (!delta.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()))) {
    return absl::DataLossError("not a LedgerDelta");
  }
  LedgerCounts counts;
  for (const v1::LedgerCount& entry : delta.counts()) {
    counts.Add(entry.reason(), entry.count());
  }
  return counts;
}

std::string LedgerCounts::ToString() const {
  std::string text;
  for (const auto& [name, count] : counts_) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", name, " ", count);
  }
  return text.empty() ? "none" : text;
}

}  // namespace logboom
