#ifndef LOGBOOM_CLIENT_SPOOL_LIVES_H_
#define LOGBOOM_CLIENT_SPOOL_LIVES_H_

#include <cstdint>
#include <deque>

#include "client/spool.h"
#include "client/spool_segment.h"

namespace logboom {

// The files of one life of a program, oldest first.
struct SpooledLife {
  SpoolLife life;
  std::deque<SpoolSegment> segments;
  int64_t records = 0;  // the sum of the segments'

  uint64_t last_sequence() const;  // 0: there is none
  // The first file that has a sequence above `sequence`; null: none has.
  SpoolSegment* FirstBehind(uint64_t sequence);
  // Takes records off a segment of this life.
  void Subtract(SpoolSegment* segment, int64_t records);
};

// What is in a spool, in memory: the lives, oldest first, the own one last.
// Their files have at least one entry each. Pure; not thread-safe.
class SpoolLives {
 public:
  // Behind all segments added before.
  void Add(SpoolSegment segment, std::string resource);
  void AddOwn(SpoolLife own);

  SpooledLife& front() { return lives_.front(); }
  const SpooledLife& front() const { return lives_.front(); }
  SpooledLife& own() { return lives_.back(); }
  const SpooledLife& own() const { return lives_.back(); }
  bool at_own() const { return lives_.size() == 1; }
  bool HasEpoch(uint64_t epoch) const;

  // Takes the front life away, which is not the own one.
  void PopFront() { lives_.pop_front(); }
  // Takes one file away, and its life when it was that one's last, unless that
  // is the front or the own life.
  void Remove(uint64_t number);

  int64_t earlier_records() const;
  const std::deque<SpooledLife>& all() const { return lives_; }

 private:
  std::deque<SpooledLife> lives_;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_LIVES_H_
