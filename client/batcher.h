#ifndef LOGBOOM_CLIENT_BATCHER_H_
#define LOGBOOM_CLIENT_BATCHER_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/strings/cord.h"
#include "client/batch.h"
#include "client/loss_counts.h"
#include "client/record_buffer.h"

namespace logboom {

// Makes batches of chunks, in the order they were added, when there is somebody
// to send them to: only then is it known how large they may be.
//
// Not thread-safe: the sender's thread owns it.
class Batcher {
 public:
  struct Limits {
    int64_t records = 1000;
    int64_t bytes = int64_t{256} << 10;  // of a LogBatch
  };
  // `losses` must outlive the batcher.
  explicit Batcher(LossCounts* losses) : losses_(*losses) {}

  void Add(std::vector<RecordChunk> chunks);

  // The next batch: as many records as the limits allow, and the losses nobody
  // has reported yet. A record that is too large for any batch is dropped and
  // counted. Nullopt: there is neither a record nor a loss.
  std::optional<Batch> Close(const Limits& limits, uint64_t sequence);

  // Added and in no batch.
  int64_t records() const { return records_; }
  int64_t bytes() const { return bytes_; }
  // Added so far, and of those, what is in batches or was dropped.
  int64_t added() const { return added_; }
  int64_t passed() const { return added_ - records_; }
  // Of these, dropped.
  int64_t dropped() const { return dropped_; }

 private:
  struct Piece {
    absl::Cord records;
    int64_t record_count;
    int64_t memory_bytes;
  };

  // Moves what fits of the first piece to `batch`; false: the batch is full.
  bool MoveFirst(const Limits& limits, Batch* batch);
  void DropFirstRecord(int64_t bytes);
  void RemoveFromFirst(int64_t records, int64_t bytes);

  LossCounts& losses_;
  std::deque<Piece> pieces_;
  int64_t records_ = 0;
  int64_t bytes_ = 0;
  int64_t added_ = 0;
  int64_t dropped_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_BATCHER_H_
