#include "client/spool_lives.h"

#include <algorithm>
#include <string>
#include <utility>

namespace logboom {

uint64_t SpooledLife::last_sequence() const {
  return segments.empty() ? 0 : segments.back().last_sequence;
}

SpoolSegment* SpooledLife::FirstBehind(uint64_t sequence) {
  const auto found =
      std::partition_point(segments.begin(), segments.end(),
                           [sequence](const SpoolSegment& segment) {
                             return segment.last_sequence <= sequence;
                           });
  return found == segments.end() ? nullptr : &*found;
}

void SpooledLife::Subtract(SpoolSegment* segment, int64_t count) {
  count = std::min(count, segment->records);
  segment->records -= count;
  records -= count;
}

void SpoolLives::Add(SpoolSegment segment, std::string resource) {
  if (lives_.empty() || lives_.back().life.epoch != segment.epoch) {
    lives_.push_back({.life = {.epoch = segment.epoch}});
  }
  std::string& known = lives_.back().life.resource;
  if (known.empty()) known = std::move(resource);
  lives_.back().records += segment.records;
  lives_.back().segments.push_back(std::move(segment));
}

void SpoolLives::AddOwn(SpoolLife own) {
  lives_.push_back({.life = std::move(own)});
}

bool SpoolLives::HasEpoch(uint64_t epoch) const {
  return std::any_of(
      lives_.begin(), lives_.end(),
      [epoch](const SpooledLife& life) { return life.life.epoch == epoch; });
}

void SpoolLives::Remove(uint64_t number) {
  for (size_t i = 0; i < lives_.size(); ++i) {
    auto& segments = lives_[i].segments;
    const auto found = std::find_if(segments.begin(), segments.end(),
                                    [number](const SpoolSegment& segment) {
                                      return segment.name.number == number;
                                    });
    if (found == segments.end()) continue;
    lives_[i].records -= found->records;
    segments.erase(found);
    const bool stays = i == 0 || i + 1 == lives_.size() || !segments.empty();
    if (!stays) lives_.erase(lives_.begin() + static_cast<ptrdiff_t>(i));
    return;
  }
}

int64_t SpoolLives::earlier_records() const {
  int64_t records = 0;
  for (size_t i = 0; i + 1 < lives_.size(); ++i) records += lives_[i].records;
  return records;
}

}  // namespace logboom
