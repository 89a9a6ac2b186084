#ifndef LOGBOOM_CLIENT_BACKLOG_H_
#define LOGBOOM_CLIENT_BACKLOG_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "client/batch.h"
#include "client/batch_queue.h"
#include "client/loss_counts.h"
#include "client/spool.h"

namespace logboom {

// Everything that is numbered and not acknowledged, oldest first: what is in
// the spool, if there is one, and behind it what is in memory. The spool begins
// with what earlier lives of the program left: until that is settled nothing of
// this life is sent.
//
// Not thread-safe: the sender's thread owns it.
class Backlog {
 public:
  // `spool` may be null. `losses` must outlive the backlog.
  Backlog(std::unique_ptr<Spool> spool, LossCounts* losses)
      : spool_(std::move(spool)), losses_(*losses) {}

  bool has_spool() const { return spool_ != nullptr; }
  // Whose batches next() gives. Only with a spool.
  const SpoolLife& life() const { return spool_->front_life(); }
  const std::string& producer_id() const { return spool_->producer_id(); }
  absl::Status DrawNewProducerId() { return spool_->DrawNewProducerId(); }
  // Whether they are this life's.
  bool at_own_life() const {
    return spool_ == nullptr || spool_->at_own_life();
  }

  // Behind all others, into memory.
  void Add(Batch batch) { memory_.Add(std::move(batch)); }

  // The first that is not sent on this stream; null: there is none now. Valid
  // until the backlog changes.
  const Batch* next();
  void Sent();

  // As BatchQueue, for the life in front; the records are this life's.
  int64_t Rewind(uint64_t sequence);
  int64_t Settle(uint64_t sequence);
  int64_t Reject(uint64_t sequence);

  // Moves what is in memory to the spool; false: the spool did not take all.
  bool Spill();
  // Appends a batch that has never been sent behind all others, in the spool;
  // only after Spill. False: it was dropped, with what it would have reported,
  // and counted: its sequence is free.
  bool AddToSpool(const Batch& batch);

  int64_t in_flight_bytes() const {
    return memory_.in_flight_bytes() + spool_in_flight_bytes_;
  }
  // Records of this life, in memory and in the spool; and of earlier ones.
  int64_t records() const { return memory_.records() + spooled(); }
  int64_t spooled() const { return spool_ ? spool_->own_records() : 0; }
  int64_t earlier() const { return spool_ ? spool_->earlier_records() : 0; }
  // Records of this life that were dropped here, and counted as lost.
  int64_t dropped() const { return dropped_; }
  // Whether all of this life and of earlier ones is settled.
  bool empty() const {
    return memory_.empty() && (spool_ == nullptr || (spool_->at_own_life() &&
                                                     !spool_->has_unsettled()));
  }
  // This life's greatest settled so far.
  uint64_t settled() const { return settled_; }

  // Goes on from an earlier life of which nothing is left.
  void AdvanceLife();

  // What went wrong with the spool since the last call; empty: nothing.
  std::string TakeProblems();

 private:
  // A batch of the spool that was sent on this stream.
  struct InFlight {
    uint64_t sequence;
    int64_t records;
    int64_t bytes;
    bool rejected;
  };

  void ReadNext();
  void AddInFlight(const Batch& batch);
  int64_t SettleSpool(uint64_t sequence);
  // False: the spool did not take it. Counts what had to make room for it.
  bool Append(const Batch& batch);

  const std::unique_ptr<Spool> spool_;
  LossCounts& losses_;
  BatchQueue memory_;
  std::optional<Batch> read_;  // from the spool, and not sent yet
  std::deque<InFlight> spool_in_flight_;
  int64_t spool_in_flight_bytes_ = 0;
  int64_t dropped_ = 0;
  uint64_t settled_ = 0;
  std::string problems_;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_BACKLOG_H_
