#ifndef LOGBOOM_TESTS_CLIENT_FAKE_SPOOL_H_
#define LOGBOOM_TESTS_CLIENT_FAKE_SPOOL_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/spool.h"

namespace logboom {

// A spool in memory that is full or damaged when the test says so. Every batch
// of an earlier life has ten records. Not thread-safe.
class FakeSpool final : public Spool {
 public:
  struct Life {
    uint64_t epoch = 0;
    std::vector<uint64_t> sequences;
  };
  explicit FakeSpool(std::vector<Life> earlier) {
    for (const Life& life : earlier) {
      Kept kept{{life.epoch, "earlier"}, {}};
      for (const uint64_t sequence : life.sequences) {
        Batch batch;
        batch.sequence = sequence;
        batch.records = 10;
        kept.batches.push_back(std::move(batch));
      }
      lives_.push_back(std::move(kept));
    }
    lives_.push_back({{99, "own"}, {}});
  }

  void set_full(bool full) { full_ = full; }
  void set_damaged(uint64_t sequence) { damaged_ = sequence; }
  // The next Append drops so many records of an earlier life, and of this
  // one's oldest batches.
  void DropAtNextAppend(int64_t earlier_records, int64_t own_records) {
    drop_earlier_ = earlier_records;
    drop_own_ = own_records;
  }

  const std::string& producer_id() const override { return producer_id_; }
  absl::Status DrawNewProducerId() override {
    producer_id_ += "'";
    return absl::OkStatus();
  }
  const SpoolLife& front_life() const override { return lives_.front().life; }
  bool at_own_life() const override { return lives_.size() == 1; }

  Dropped Append(const Batch& batch) override {
    Dropped dropped;
    if (full_) {
      dropped.records = batch.records;
      dropped.lost = batch.lost;
      dropped.why = absl::ResourceExhaustedError("the spool is full");
      return dropped;
    }
    dropped.stored = true;
    if (drop_earlier_ + drop_own_ > 0) {
      dropped.records = drop_earlier_ + drop_own_;
      dropped.why = absl::ResourceExhaustedError("older ones made room");
      if (std::exchange(drop_earlier_, 0) > 0) {
        lives_.front().batches.pop_front();
      }
      if (std::exchange(drop_own_, 0) > 0) lives_.back().batches.pop_front();
    }
    lives_.back().batches.push_back(batch);
    return dropped;
  }

  absl::StatusOr<std::optional<Batch>> Next() override {
    for (const Batch& batch : lives_.front().batches) {
      if (batch.sequence <= read_) continue;
      read_ = batch.sequence;
      if (batch.sequence != damaged_) return std::optional(batch);
      damaged_records_ += batch.records;
      return absl::DataLossError("damaged");
    }
    return std::optional<Batch>();
  }
  void Rewind(uint64_t sequence) override { read_ = sequence; }
  absl::Status Settle(uint64_t sequence) override {
    std::deque<Batch>& batches = lives_.front().batches;
    while (!batches.empty() && batches.front().sequence <= sequence) {
      batches.pop_front();
    }
    if (batches.empty() && !at_own_life()) {
      lives_.pop_front();
      read_ = 0;
    }
    return absl::OkStatus();
  }
  bool has_next() const override {
    const std::deque<Batch>& batches = lives_.front().batches;
    return !batches.empty() && batches.back().sequence > read_;
  }
  bool has_unsettled() const override {
    return !lives_.front().batches.empty();
  }
  int64_t own_records() const override { return Records(lives_.back()); }
  int64_t earlier_records() const override {
    int64_t records = 0;
    for (size_t i = 0; i + 1 < lives_.size(); ++i)
      records += Records(lives_[i]);
    return records;
  }
  int64_t bytes() const override { return 0; }
  std::string TakeProblems() override { return ""; }
  int64_t TakeDamagedRecords() override {
    return std::exchange(damaged_records_, 0);
  }

 private:
  struct Kept {
    SpoolLife life;
    std::deque<Batch> batches;
  };
  static int64_t Records(const Kept& kept) {
    int64_t records = 0;
    for (const Batch& batch : kept.batches) records += batch.records;
    return records;
  }

  std::string producer_id_ = "a producer's id.";
  std::deque<Kept> lives_;  // the last is this one
  uint64_t read_ = 0;
  bool full_ = false;
  uint64_t damaged_ = 0;
  int64_t damaged_records_ = 0;
  int64_t drop_earlier_ = 0;
  int64_t drop_own_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_CLIENT_FAKE_SPOOL_H_
