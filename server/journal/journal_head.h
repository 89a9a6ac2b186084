#ifndef LOGBOOM_SERVER_JOURNAL_JOURNAL_HEAD_H_
#define LOGBOOM_SERVER_JOURNAL_JOURNAL_HEAD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/segment_name.h"

namespace logboom {

// What the journal's thread tells its readers: which segments there are, and
// how far the newest one is synced.
//
// Thread-safe: one publisher, any number of readers.
class JournalHead {
 public:
  // `segments` by rising number, without replaced ones; the newest is synced up
  // to byte `synced_end`, where record `offset` would begin.
  JournalHead(std::vector<SegmentName> segments, Offset offset,
              int64_t synced_end);

  // A new segment has been begun; it has no records yet.
  void StartSegment(const SegmentName& segment, int64_t synced_end)
      ABSL_LOCKS_EXCLUDED(mu_);
  // The newest segment is now synced up to here.
  void Publish(Offset offset, int64_t synced_end) ABSL_LOCKS_EXCLUDED(mu_);

  // The first record that is not synced.
  Offset offset() const { return offset_.load(std::memory_order_acquire); }

  // The segments there are, by rising number.
  std::vector<SegmentName> segments() const ABSL_LOCKS_EXCLUDED(mu_);
  // The `count` oldest ones are about to be deleted by retention; not the
  // newest.
  void RemoveOldest(size_t count) ABSL_LOCKS_EXCLUDED(mu_);
  // Whether retention deleted segments with a number above `segment_number`.
  bool DeletedBehind(uint64_t segment_number) const ABSL_LOCKS_EXCLUDED(mu_);

  // How far a segment may be read.
  struct Bounds {
    // The newest segment: its synced bytes. Others: nullopt, all of it.
    std::optional<int64_t> synced_end;
    // The segment to go on with; it also says where this one's records end.
    std::optional<SegmentName> next;
    Offset head = 0;  // offset() at the same moment
  };
  Bounds BoundsOf(uint64_t segment_number) const ABSL_LOCKS_EXCLUDED(mu_);

  // Where the synced bytes end. nullopt: there is no segment yet.
  struct Tip {
    uint64_t segment_number = 0;
    int64_t synced_end = 0;
    Offset offset = 0;  // offset() at the same moment
  };
  std::optional<Tip> tip() const ABSL_LOCKS_EXCLUDED(mu_);

  // The segment that has the record `offset`, or would have it; the oldest one
  // when that is behind it. nullopt: there is none yet.
  std::optional<SegmentName> SegmentWith(Offset offset) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // Waits until offset() is above `offset`, `deadline` passes or `*interrupted`
  // is true; true in the first case.
  bool WaitBeyond(Offset offset, absl::Time deadline,
                  const std::atomic<bool>* interrupted) const
      ABSL_LOCKS_EXCLUDED(mu_);
  // Sets `*interrupted` and ends the wait on it.
  void Interrupt(std::atomic<bool>* interrupted) const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  std::atomic<Offset> offset_;  // written under mu_
  mutable Mutex mu_;
  mutable CondVar changed_;  // offset_ rose, or a reader is interrupted
  std::vector<SegmentName> segments_ ABSL_GUARDED_BY(mu_);
  uint64_t last_deleted_ ABSL_GUARDED_BY(mu_) = 0;  // its number
  int64_t synced_end_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_JOURNAL_HEAD_H_
