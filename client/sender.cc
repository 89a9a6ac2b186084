#include "client/sender.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// When nothing else is to be done.
constexpr absl::Duration kLongestPause = absl::Seconds(1);

}  // namespace

Sender::Sender(Parts parts)
    : parts_(std::move(parts)),
      options_(*parts_.options),
      board_(parts_.wake),
      reports_(options_.server, parts_.diagnose),
      backoff_(options_.backoff_initial, options_.backoff_max, parts_.random),
      batcher_(parts_.losses),
      inbox_(parts_.wake),
      max_batch_bytes_(options_.batch_bytes) {
  session_options_.server = options_.server;
  session_options_.synced = options_.synced;
}

void Sender::Begin() {
  std::unique_ptr<Spool> spool;
  if (parts_.open_spool) {
    absl::StatusOr<std::unique_ptr<Spool>> opened =
        parts_.open_spool(parts_.life);
    if (opened.ok()) {
      spool = *std::move(opened);
    } else {
      reports_.Say(
          absl::StrCat("goes without a spool: ", opened.status().message()));
    }
  }
  backlog_ = std::make_unique<Backlog>(std::move(spool), parts_.losses);
  backlog_->AdvanceLife();
  NewSession();
}

void Sender::NewSession() {
  session_ = nullptr;
  inbox_.Take();  // of the old one
  const SpoolLife& life =
      backlog_->has_spool() ? backlog_->life() : parts_.life;
  session_options_.epoch = life.epoch;
  session_options_.resource = life.resource;
  if (backlog_->has_spool()) {
    session_options_.producer_id = backlog_->producer_id();
  }
  session_ = parts_.new_session(session_options_, &inbox_);
  phase_ = Phase::kIdle;
}

bool Sender::IsOfFrontLife() const {
  return !backlog_->has_spool() ||
         backlog_->life().epoch == session_options_.epoch;
}

void Sender::SwitchLife(absl::Time now) {
  backlog_->AdvanceLife();
  if (IsOfFrontLife()) return;
  NewSession();
  connect_at_ = now;
}

absl::Time Sender::Step(absl::Time now) {
  if (backlog_ == nullptr) Begin();
  TakeSessionNews(now);
  SwitchLife(now);
  if (records_came_.exchange(false) && !records_since_.has_value()) {
    records_since_ = now;
  }
  next_expiry_ = parts_.levels->Expire(now);
  BeginFlush();
  ConnectIfDue(now);
  SendBatches(now);
  SpillIfShort();
  EndFlush();
  PublishCounts();
  StopIfDone(now);
  reports_.Losses(*parts_.losses, now);
  reports_.SpoolProblems(backlog_->TakeProblems(), now);
  return NextStep(now);
}

void Sender::TakeSessionNews(absl::Time now) {
  const SessionNews news = inbox_.Take();
  if (news.opened.has_value()) OnOpened(*news.opened);
  for (const auto& [sequence, why] : news.rejected) {
    const int64_t records = backlog_->Reject(sequence);
    reports_.Say(absl::StrCat(options_.server, " rejected ", records,
                              " records: ", why.message()));
    board_.Update(
        [&](SenderBoard::State& state) { state.rejected += records; });
  }
  if (news.acked.has_value() && IsOfFrontLife()) {
    backoff_.Reset();
    CountAcknowledged(backlog_->Settle(*news.acked));
  }
  if (news.levels.has_value()) OnLevels(*news.levels, now);
  if (news.drain.has_value() && phase_ == Phase::kOpen) {
    phase_ = Phase::kDraining;
    retry_after_ = *news.drain;
    session_->CloseSending();
  }
  if (news.closed.has_value()) OnClosed(*news.closed, now);
}

void Sender::CountAcknowledged(int64_t records) {
  board_.Update(
      [&](SenderBoard::State& state) { state.acknowledged += records; });
}

void Sender::OnOpened(const SessionNews::Opened& opened) {
  phase_ = Phase::kOpen;
  max_batch_bytes_ = opened.max_batch_bytes;
  CountAcknowledged(backlog_->Rewind(opened.last_sequence));
  reports_.Connected();
  board_.Update([](SenderBoard::State& state) {
    state.connected = true;
    ++state.connections;
  });
}

void Sender::OnLevels(const SessionNews::Levels& levels, absl::Time now) {
  parts_.levels->SetPushed(levels.levels, now);
  session_->ConfirmLevels(levels.version);
}

void Sender::OnClosed(const absl::Status& why, absl::Time now) {
  const bool was_open = phase_ == Phase::kOpen || phase_ == Phase::kDraining;
  const bool drained = phase_ == Phase::kDraining;
  phase_ = Phase::kIdle;
  if (absl::IsAborted(why) && was_open) {
    DrawNewProducerId();
    connect_at_ = now + backoff_.Next();
  } else if (drained) {
    connect_at_ = now + backoff_.Jittered(retry_after_);
  } else if (why.ok() || absl::IsUnavailable(why) || absl::IsAborted(why)) {
    connect_at_ = now + backoff_.Next();
  } else {
    connect_at_ = now + backoff_.Longest();
  }
  if (stop_by_.has_value()) {
    // One more attempt; when that fails there is nothing to wait for.
    stop_failed_ = !was_open;
    connect_at_ = now;
  }
  if (!drained) reports_.Disconnected(why, now);
  board_.Update([&](SenderBoard::State& state) {
    state.connected = false;
    ++state.failures;
    state.last_error = std::string(why.message());
  });
}

// What the server has of the old id's it has acknowledged before it said
// ABORTED, so nothing is sent again that it has.
void Sender::DrawNewProducerId() {
  if (backlog_->has_spool()) {
    const absl::Status drawn = backlog_->DrawNewProducerId();
    if (!drawn.ok()) reports_.Say(std::string(drawn.message()));
  }
  NewSession();
}

void Sender::ConnectIfDue(absl::Time now) {
  if (phase_ != Phase::kIdle || now < connect_at_ || stop_failed_) return;
  phase_ = Phase::kConnecting;
  session_->Connect(now + options_.connect_timeout);
}

// Once for each kind until a step has looked: a thread that finds no room need
// not wake it again and again.
void Sender::TakeNews(RecordBuffer::News news) {
  switch (news) {
    case RecordBuffer::News::kRecords:
      if (records_came_.exchange(true)) return;
      break;
    case RecordBuffer::News::kRoomWanted:
      if (room_wanted_.exchange(true)) return;
      break;
    case RecordBuffer::News::kFullChunks:
      break;
  }
  parts_.wake();
}

void Sender::PublishCounts() {
  board_.Update([&](SenderBoard::State& state) {
    state.dropped = batcher_.dropped() + backlog_->dropped();
    state.spooled = backlog_->spooled();
    state.earlier = backlog_->earlier();
  });
}

absl::Time Sender::NextStep(absl::Time now) {
  absl::Time next = std::min(now + kLongestPause, next_expiry_);
  if (phase_ == Phase::kIdle) next = std::min(next, connect_at_);
  // While the stream is busy or the window is full, news of them wake it.
  if (waits_for_records_ && records_since_.has_value()) {
    next = std::min(next, *records_since_ + options_.batch_age);
  }
  if (stop_by_.has_value()) next = std::min(next, *stop_by_);
  return next;
}

}  // namespace logboom
