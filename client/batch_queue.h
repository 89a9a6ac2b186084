#ifndef LOGBOOM_CLIENT_BATCH_QUEUE_H_
#define LOGBOOM_CLIENT_BATCH_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "client/batch.h"

namespace logboom {

// The batches that are not acknowledged, oldest first: those sent on the open
// stream, and behind them those that are not. Not thread-safe: the sender's
// thread owns it.
class BatchQueue {
 public:
  // Behind all others; its sequence is greater.
  void Add(Batch batch);

  // The first that is not sent on this stream; null: there is none. Valid until
  // the queue changes.
  const Batch* next() const;
  // It was sent.
  void Sent();

  // A new stream is open, and the server has all up to `sequence`: nothing else
  // is sent on it. Returns the records of what is settled by that.
  int64_t Rewind(uint64_t sequence);

  // All batches up to `sequence` are stored. Returns their records.
  int64_t Settle(uint64_t sequence);
  // The server will never take this batch. Returns its records; it stays until
  // it is settled.
  int64_t Reject(uint64_t sequence);

  // The first of all; null: there is none. Removed, it is no longer this
  // queue's to account for.
  const Batch* oldest() const {
    return batches_.empty() ? nullptr : &batches_.front();
  }
  bool oldest_is_sent() const { return sent_ > 0; }
  void RemoveOldest();

  // What is sent and not settled: bytes of the memory it keeps.
  int64_t in_flight_bytes() const { return in_flight_bytes_; }
  bool empty() const { return batches_.empty(); }
  // Of all batches in it, but for rejected ones.
  int64_t records() const { return records_; }

 private:
  std::deque<Batch> batches_;
  size_t sent_ = 0;  // so many of the first ones
  int64_t in_flight_bytes_ = 0;
  int64_t records_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_BATCH_QUEUE_H_
