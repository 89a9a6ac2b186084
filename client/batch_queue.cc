#include "client/batch_queue.h"

#include <algorithm>
#include <utility>

namespace logboom {

void BatchQueue::Add(Batch batch) {
  records_ += batch.records;
  batches_.push_back(std::move(batch));
}

const Batch* BatchQueue::next() const {
  return sent_ == batches_.size() ? nullptr : &batches_[sent_];
}

void BatchQueue::Sent() {
  in_flight_bytes_ += batches_[sent_].memory_bytes;
  ++sent_;
}

int64_t BatchQueue::Rewind(uint64_t sequence) {
  const int64_t records = Settle(sequence);
  sent_ = 0;
  in_flight_bytes_ = 0;
  return records;
}

int64_t BatchQueue::Settle(uint64_t sequence) {
  const int64_t before = records_;
  while (!batches_.empty() && batches_.front().sequence <= sequence) {
    RemoveOldest();
  }
  return before - records_;
}

void BatchQueue::RemoveOldest() {
  records_ -= batches_.front().records;
  if (sent_ > 0) {
    in_flight_bytes_ -= batches_.front().memory_bytes;
    --sent_;
  }
  batches_.pop_front();
}

int64_t BatchQueue::Reject(uint64_t sequence) {
  for (Batch& batch : batches_) {
    if (batch.sequence != sequence) continue;
    records_ -= batch.records;
    return std::exchange(batch.records, 0);
  }
  return 0;
}

}  // namespace logboom
