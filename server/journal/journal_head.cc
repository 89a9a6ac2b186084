#include "server/journal/journal_head.h"

#include <utility>

namespace logboom {

JournalHead::JournalHead(std::vector<SegmentName> segments, Offset offset,
                         int64_t synced_end)
    : offset_(offset),
      segments_(std::move(segments)),
      synced_end_(synced_end) {}

void JournalHead::StartSegment(const SegmentName& segment, int64_t synced_end) {
  MutexLock lock(&mu_);
  segments_.push_back(segment);
  DropReplacedSegments(&segments_);
  synced_end_ = synced_end;
}

std::vector<SegmentName> JournalHead::segments() const {
  MutexLock lock(&mu_);
  return segments_;
}

void JournalHead::RemoveOldest(size_t count) {
  if (count == 0) return;
  MutexLock lock(&mu_);
  last_deleted_ = segments_[count - 1].number;
  segments_.erase(segments_.begin(),
                  segments_.begin() + static_cast<ptrdiff_t>(count));
}

bool JournalHead::DeletedBehind(uint64_t segment_number) const {
  MutexLock lock(&mu_);
  return segment_number < last_deleted_;
}

void JournalHead::Publish(Offset offset, int64_t synced_end) {
  MutexLock lock(&mu_);
  offset_.store(offset, std::memory_order_release);
  synced_end_ = synced_end;
  changed_.NotifyAll();
}

JournalHead::Bounds JournalHead::BoundsOf(uint64_t segment_number) const {
  MutexLock lock(&mu_);
  Bounds bounds{.head = offset()};
  for (const SegmentName& segment : segments_) {
    if (segment.number > segment_number) {
      bounds.next = segment;
      return bounds;
    }
  }
  bounds.synced_end = synced_end_;
  return bounds;
}

std::optional<JournalHead::Tip> JournalHead::tip() const {
  MutexLock lock(&mu_);
  if (segments_.empty()) return std::nullopt;
  return Tip{.segment_number = segments_.back().number,
             .synced_end = synced_end_,
             .offset = offset()};
}

std::optional<SegmentName> JournalHead::SegmentWith(Offset offset) const {
  MutexLock lock(&mu_);
  std::optional<SegmentName> found;
  for (const SegmentName& segment : segments_) {
    if (found && segment.first_offset > offset) break;
    found = segment;
  }
  return found;
}

bool JournalHead::WaitBeyond(Offset offset, absl::Time deadline,
                             const std::atomic<bool>* interrupted) const {
  MutexLock lock(&mu_);
  while (this->offset() <= offset && !interrupted->load()) {
    if (!changed_.WaitUntil(&mu_, deadline)) break;
  }
  return this->offset() > offset;
}

void JournalHead::Interrupt(std::atomic<bool>* interrupted) const {
  MutexLock lock(&mu_);
  interrupted->store(true);
  changed_.NotifyAll();
}

}  // namespace logboom
