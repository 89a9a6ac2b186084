#include "server/logging/handler_progress.h"

#include <algorithm>

namespace logboom {

void HandlerProgress::Reset(const CursorPosition& place) {
  base_ = {.offset = place.offset, .counts = place.counts};
  block_.clear();
  behind_.clear();
  lost_.clear();
  passed_ = place.offset;
  written_ = 0;
  whole_ = 0;
}

void HandlerProgress::BeginBlock() { Reset(end()); }

void HandlerProgress::Lost(Loss why, uint64_t count) {
  passed_ += count;
  if (!lost_.empty() && lost_.back().why == why &&
      lost_.back().end + count == passed_) {
    lost_.back().end = passed_;
    lost_.back().count += count;
  } else {
    lost_.push_back({passed_, why, count});
  }
}

void HandlerProgress::SetWritten(size_t bytes) {
  written_ = bytes;
  const auto next =
      std::upper_bound(block_.ends.begin(), block_.ends.end(), bytes);
  whole_ = static_cast<size_t>(next - block_.ends.begin());
}

size_t HandlerProgress::whole_end() const {
  return whole_ == 0 ? 0 : block_.ends[whole_ - 1];
}

CursorPosition HandlerProgress::PlaceBehind(size_t records) const {
  CursorPosition place = base_;
  if (records == block_.ends.size()) {
    place.offset = passed_;
  } else if (records > 0) {
    place.offset = behind_[records - 1];
  }
  HandlerCounts& counts = place.counts;
  counts.handled += records;
  uint64_t filtered = place.offset - base_.offset - records;
  for (const LostRecords& lost : lost_) {
    if (lost.end > place.offset) break;
    uint64_t& count = lost.why == Loss::kJournalDamaged
                          ? counts.journal_damaged
                          : counts.retention_overtook;
    count += lost.count;
    filtered -= lost.count;
  }
  counts.filtered += filtered;
  return place;
}

}  // namespace logboom
