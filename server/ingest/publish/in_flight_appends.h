#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_IN_FLIGHT_APPENDS_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_IN_FLIGHT_APPENDS_H_

#include <cstddef>
#include <cstdint>
#include <deque>

namespace logboom {

// The batches of one stream that were handed to the journal and not yet
// acknowledged, in their order: turns completions, in whatever order they come,
// into the one number a cumulative ack carries. Not thread-safe.
class InFlightAppends {
 public:
  // Names one append to Stored().
  using Ticket = uint64_t;

  // Adds a batch behind all others. `number` is what its ack says: greater than
  // the last one's.
  Ticket Add(uint64_t number, int64_t bytes);

  // This batch has reached its depth; once for each ticket.
  void Stored(Ticket ticket);

  // The greatest number with all up to it stored; 0: none yet.
  uint64_t settled() const { return settled_; }

  // Over the batches not settled: their bytes, each with what it costs to keep
  // besides them, so that empty batches have a bound too.
  int64_t bytes() const { return bytes_; }
  bool empty() const { return batches_.empty(); }

  static constexpr int64_t kOverheadBytes = 256;

 private:
  struct Batch {
    uint64_t number;
    int64_t bytes;
    bool stored;
  };

  std::deque<Batch> batches_;
  Ticket first_ticket_ = 0;  // of batches_.front()
  int64_t bytes_ = 0;
  uint64_t settled_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_IN_FLIGHT_APPENDS_H_
