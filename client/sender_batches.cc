// The sender's way from the buffer to the stream or the spool.
#include <algorithm>
#include <limits>
#include <utility>

#include "client/sender.h"

namespace logboom {
namespace {

constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();

}  // namespace

void Sender::BeginFlush() {
  const SenderBoard::Requests requests = board_.requests();
  if (requests.stop.has_value() && !stop_by_.has_value()) {
    stop_by_ = *requests.stop;
    if (phase_ == Phase::kIdle) connect_at_ = absl::InfinitePast();
  }
  if (flush_.has_value() || requests.flush == flushed_) return;
  records_came_ = false;
  CollectAll();
  flush_ = Flush{.ticket = requests.flush, .records = batcher_.added()};
  if (!parts_.losses->has_unreported()) flush_->losses_in = 0;
}

void Sender::EndFlush() {
  if (!flush_.has_value() || !flush_->losses_in.has_value()) return;
  if (!flush_->records_in.has_value()) {
    if (batcher_.passed() < flush_->records) return;
    flush_->records_in = next_sequence_ - 1;
  }
  if (backlog_->settled() < std::max(*flush_->records_in, *flush_->losses_in)) {
    return;
  }
  flushed_ = flush_->ticket;
  flush_ = std::nullopt;
  board_.Update([&](SenderBoard::State& state) { state.flushed = flushed_; });
}

void Sender::SendBatches(absl::Time now) {
  waits_for_records_ = false;
  if (phase_ != Phase::kOpen) return;
  while (backlog_->in_flight_bytes() < options_.window_bytes) {
    const Batch* next = backlog_->next();
    if (next == nullptr) {
      if (!backlog_->at_own_life()) return;
      waits_for_records_ = !MakeBatch(now);
      if (waits_for_records_) return;
      next = backlog_->next();
    }
    if (next == nullptr || !session_->Send(next->sequence, next->payload)) {
      return;
    }
    backlog_->Sent();
  }
}

bool Sender::MakeBatch(absl::Time now) {
  const Batcher::Limits limits = Limits();
  const bool hurry = room_wanted_.exchange(false) || flush_.has_value() ||
                     (records_since_.has_value() &&
                      now >= *records_since_ + options_.batch_age);
  const int64_t ready = batcher_.bytes() + parts_.buffer->full_chunk_bytes();
  if (ready >= limits.bytes || hurry) Collect(limits.bytes, hurry, now);
  if (hurry) due_until_ = batcher_.added();
  const bool full =
      batcher_.bytes() >= limits.bytes || batcher_.records() >= limits.records;
  const bool due = batcher_.passed() < due_until_;
  if (!full && !due && !parts_.losses->has_unreported()) return false;
  std::optional<Batch> batch = batcher_.Close(limits, next_sequence_);
  if (!batch.has_value()) return false;
  ++next_sequence_;
  if (batcher_.passed() < batcher_.added() && batcher_.passed() >= due_until_ &&
      !records_since_.has_value()) {
    records_since_ = now;
  }
  NoteLossesReported(*batch);
  backlog_->Add(*std::move(batch));
  return true;
}

void Sender::NoteLossesReported(const Batch& batch) {
  if (flush_.has_value() && !flush_->losses_in.has_value()) {
    flush_->losses_in = batch.sequence;
  }
}

void Sender::Collect(int64_t max_bytes, bool partial, absl::Time now) {
  const int64_t wanted = max_bytes - batcher_.bytes();
  if (wanted <= 0) return;
  const int64_t before = batcher_.bytes();
  batcher_.Add(parts_.buffer->Collect(wanted, partial));
  if (!partial) return;
  // Else everything was taken.
  const bool more = batcher_.bytes() - before >= wanted;
  records_since_ = more ? std::optional(now) : std::nullopt;
}

void Sender::CollectAll() {
  records_since_ = std::nullopt;
  batcher_.Add(parts_.buffer->Collect(kEverything, /*partial=*/true));
}

Batcher::Limits Sender::Limits() const {
  return {.records = options_.batch_records,
          .bytes = std::min(options_.batch_bytes, max_batch_bytes_)};
}

void Sender::SpillIfShort() {
  if (!backlog_->has_spool() || options_.when_full != WhenFull::kSpill ||
      parts_.buffer->used_bytes() <= options_.buffer_bytes / 2) {
    return;
  }
  CollectAll();
  SpillAll();
}

void Sender::SpillAll() {
  if (!backlog_->Spill()) return;
  while (const std::optional<Batch> batch =
             batcher_.Close(Limits(), next_sequence_)) {
    // A full spool would give the losses back to be reported again and again.
    if (backlog_->AddToSpool(*batch)) {
      ++next_sequence_;
      NoteLossesReported(*batch);
    } else if (batch->records == 0) {
      return;
    }
  }
}

void Sender::StopIfDone(absl::Time now) {
  if (!stop_by_.has_value()) return;
  const bool all = flushed_ == board_.requests().flush && backlog_->empty();
  if (!all && now < *stop_by_ && !stop_failed_) return;
  CollectAll();
  if (backlog_->has_spool()) SpillAll();
  const int64_t left =
      batcher_.records() + backlog_->records() - backlog_->spooled();
  parts_.losses->Count(ProducerLoss::kShutDown, left);
  // Waits for events under way, so that none comes to what is gone.
  session_ = nullptr;
  board_.Update([&](SenderBoard::State& state) {
    state.connected = false;
    state.dropped = batcher_.dropped() + backlog_->dropped() + left;
    state.spooled = backlog_->spooled();
    state.stopped = true;
  });
}

}  // namespace logboom
