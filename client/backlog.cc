#include "client/backlog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace logboom {

const Batch* Backlog::next() {
  if (spool_ != nullptr) {
    ReadNext();
    if (read_.has_value()) return &*read_;
    // What is in memory goes behind all that the spool has.
    if (!spool_->at_own_life() || spool_->has_next()) return nullptr;
  }
  return memory_.next();
}

void Backlog::ReadNext() {
  while (!read_.has_value() && spool_->has_next()) {
    absl::StatusOr<std::optional<Batch>> batch = spool_->Next();
    if (batch.ok()) {
      read_ = *std::move(batch);
      if (!read_.has_value()) break;
    } else if (!absl::IsDataLoss(batch.status())) {
      break;  // later
    }
  }
  // Nobody else can tell the server of what is damaged here.
  losses_.Report(ProducerLoss::kSpoolFull, spool_->TakeDamagedRecords());
}

void Backlog::Sent() {
  if (!read_.has_value()) return memory_.Sent();
  AddInFlight(*read_);
  read_ = std::nullopt;
}

void Backlog::AddInFlight(const Batch& batch) {
  const auto bytes = static_cast<int64_t>(batch.payload.size());
  spool_in_flight_.push_back(
      {batch.sequence, batch.records, bytes, /*rejected=*/false});
  spool_in_flight_bytes_ += bytes;
}

int64_t Backlog::Rewind(uint64_t sequence) {
  int64_t records = 0;
  if (spool_ != nullptr) {
    const bool own = spool_->at_own_life();
    const uint64_t epoch = life().epoch;
    records = SettleSpool(sequence);
    spool_in_flight_.clear();
    spool_in_flight_bytes_ = 0;
    read_ = std::nullopt;
    // Unless Settle has gone on to the next life, which is read from its start
    // and has sequences of its own.
    if (life().epoch == epoch) spool_->Rewind(sequence);
    if (!own) sequence = 0;
  }
  settled_ = std::max(settled_, sequence);
  return records + memory_.Rewind(sequence);
}

int64_t Backlog::Settle(uint64_t sequence) {
  if (spool_ == nullptr) {
    settled_ = std::max(settled_, sequence);
    return memory_.Settle(sequence);
  }
  const bool own = spool_->at_own_life();
  const int64_t records = SettleSpool(sequence);
  if (!own) return records;
  settled_ = std::max(settled_, sequence);
  return records + memory_.Settle(sequence);
}

int64_t Backlog::SettleSpool(uint64_t sequence) {
  const int64_t before = spool_->own_records();
  const bool own = spool_->at_own_life();
  if (absl::Status settled = spool_->Settle(sequence); !settled.ok()) {
    absl::StrAppend(&problems_, settled.message(), "\n");
  }
  int64_t records = own ? before - spool_->own_records() : 0;
  while (!spool_in_flight_.empty() &&
         spool_in_flight_.front().sequence <= sequence) {
    const InFlight& batch = spool_in_flight_.front();
    if (batch.rejected && own) records -= batch.records;
    spool_in_flight_bytes_ -= batch.bytes;
    spool_in_flight_.pop_front();
  }
  return records;
}

int64_t Backlog::Reject(uint64_t sequence) {
  for (InFlight& batch : spool_in_flight_) {
    if (batch.sequence != sequence) continue;
    batch.rejected = true;
    return at_own_life() ? batch.records : 0;
  }
  return at_own_life() ? memory_.Reject(sequence) : 0;
}

bool Backlog::Spill() {
  while (const Batch* oldest = memory_.oldest()) {
    // One that is not taken may be stored by the server, so it stays here.
    if (!Append(*oldest)) return false;
    if (memory_.oldest_is_sent()) {
      // It is not to be sent again on this stream, nor dropped under way.
      spool_->Next().IgnoreError();
      AddInFlight(*oldest);
    }
    memory_.RemoveOldest();
  }
  return true;
}

bool Backlog::AddToSpool(const Batch& batch) {
  if (Append(batch)) return true;
  losses_.Count(ProducerLoss::kSpoolFull, batch.records);
  losses_.GiveBack(batch.lost);
  dropped_ += batch.records;
  return false;
}

bool Backlog::Append(const Batch& batch) {
  const int64_t own_before = spool_->own_records();
  const Spool::Dropped dropped = spool_->Append(batch);
  if (!dropped.why.ok()) {
    absl::StrAppend(&problems_, dropped.why.message(), "\n");
  }
  // What was not taken is the caller's to count; else others made room.
  if (!dropped.stored) return false;
  const int64_t own = own_before + batch.records - spool_->own_records();
  losses_.Count(ProducerLoss::kSpoolFull, own);
  losses_.Report(ProducerLoss::kSpoolFull, dropped.records - own);
  losses_.GiveBack(dropped.lost);
  dropped_ += own;
  return true;
}

void Backlog::AdvanceLife() {
  if (!at_own_life() && !spool_->has_unsettled()) SettleSpool(0);
}

std::string Backlog::TakeProblems() {
  std::string problems = std::exchange(problems_, "");
  if (spool_ != nullptr) absl::StrAppend(&problems, spool_->TakeProblems());
  return problems;
}

}  // namespace logboom
