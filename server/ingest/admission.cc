#include "server/ingest/admission.h"

#include <algorithm>

namespace logboom {

Admission::Place Admission::Ask(std::shared_ptr<Reader> reader, Kind kind,
                                int64_t bytes) {
  bytes = std::min(bytes, limit_bytes_ / 4);
  MutexLock lock(&mu_);
  if (bytes == 0 && waiting_.empty() && HasRoomLocked(0)) {
    return {.has_room = true};
  }
  const absl::Time now = clock_();
  if (waiting_.empty() && !HasRoomLocked(bytes))
    LapseLocked(now - kIdle, held_bytes_);
  const bool admitted = waiting_.empty() && HasRoomLocked(bytes);
  if (!admitted && kind == Kind::kCall) {
    if (waiting_calls_ >= kMostWaitingCalls) return {};
    ++waiting_calls_;
  }
  if (!admitted && waiting_.empty()) {
    NoteMovedLocked(now);
    if (ticker_sleeps_) changed_.NotifyAll();
  }
  if (admitted) held_bytes_ += bytes;
  Requests& list = admitted ? admitted_ : waiting_;
  list.push_back({.ticket = ++last_ticket_,
                  .reader = std::move(reader),
                  .kind = kind,
                  .bytes = bytes,
                  .admitted = admitted,
                  .since = now});
  if (admitted && kind == Kind::kStream) list.back().reader = nullptr;
  requests_.emplace(last_ticket_, std::prev(list.end()));
  return {.ticket = last_ticket_, .has_room = admitted};
}

bool Admission::MayKeep(Ticket ticket, int64_t bytes) const {
  MutexLock lock(&mu_);
  const auto found = requests_.find(ticket);
  const int64_t reserved = found == requests_.end() ? 0 : found->second->bytes;
  return held_bytes_ - reserved + bytes <= limit_bytes_ + limit_bytes_ / 2;
}

void Admission::Return(Ticket ticket) {
  if (ticket == 0) return;
  Readers served;
  std::shared_ptr<Reader> returned;  // goes without the lock
  {
    MutexLock lock(&mu_);
    const auto found = requests_.find(ticket);
    if (found == requests_.end()) return;
    returned = std::move(found->second->reader);
    EraseLocked(found->second);
    served = GoOnLocked();
  }
  for (const std::shared_ptr<Reader>& reader : served) reader->OnRoom();
}

void Admission::Charge(int64_t bytes) {
  MutexLock lock(&mu_);
  held_bytes_ += bytes;
}

void Admission::Release(int64_t bytes) {
  Readers served;
  {
    MutexLock lock(&mu_);
    held_bytes_ -= bytes;
    served = GoOnLocked();
  }
  for (const std::shared_ptr<Reader>& reader : served) reader->OnRoom();
}

void Admission::Tick() {
  Readers served;
  Readers overdue;
  {
    MutexLock lock(&mu_);
    if (waiting_.empty()) return;
    const absl::Time now = clock_();
    LapseLocked(now - kIdle, held_bytes_);
    if (now - moved_ >= kStuck) {
      may_lapse_bytes_ += LapsingPerTick();
      may_lapse_bytes_ -= LapseLocked(now - kStuck, may_lapse_bytes_);
    }
    served = AdmitLocked();
    if (!waiting_.empty()) overdue = OverdueLocked(now);
  }
  for (const std::shared_ptr<Reader>& reader : served) reader->OnRoom();
  for (const std::shared_ptr<Reader>& reader : overdue) reader->OnOverdue();
}

bool Admission::AwaitTick() {
  MutexLock lock(&mu_);
  ticker_sleeps_ = true;
  while (!stopped_ && waiting_.empty()) changed_.Wait(&mu_);
  ticker_sleeps_ = false;
  const absl::Time due = absl::Now() + kTick;
  while (!stopped_ && absl::Now() < due) changed_.WaitUntil(&mu_, due);
  return !stopped_;
}

void Admission::Stop() {
  MutexLock lock(&mu_);
  stopped_ = true;
  changed_.NotifyAll();
}

int64_t Admission::held_bytes() const {
  MutexLock lock(&mu_);
  return held_bytes_;
}

size_t Admission::waiting() const {
  MutexLock lock(&mu_);
  return waiting_.size();
}

int64_t Admission::LapseLocked(absl::Time before, int64_t most_bytes) {
  int64_t lapsed = 0;
  for (auto next = admitted_.begin();
       next != admitted_.end() && next->since <= before;) {
    const auto request = next++;
    if (request->kind != Kind::kStream) continue;
    if (lapsed + request->bytes > most_bytes) break;
    lapsed += request->bytes;
    EraseLocked(request);
  }
  return lapsed;
}

Admission::Readers Admission::GoOnLocked() {
  Readers served = AdmitLocked();
  if (!served.empty()) NoteMovedLocked(clock_());
  return served;
}

Admission::Readers Admission::AdmitLocked() {
  Readers served;
  while (!waiting_.empty() && HasRoomLocked(waiting_.front().bytes)) {
    Request& first = waiting_.front();
    first.admitted = true;
    first.since = clock_();
    held_bytes_ += first.bytes;
    if (first.kind == Kind::kCall) --waiting_calls_;
    // A stream hears nothing more: its room lapses by itself.
    served.push_back(first.kind == Kind::kStream ? std::move(first.reader)
                                                 : first.reader);
    admitted_.splice(admitted_.end(), waiting_, waiting_.begin());
  }
  return served;
}

Admission::Readers Admission::OverdueLocked(absl::Time now) const {
  Readers overdue;
  const auto add_from = [&](const Requests& requests, absl::Duration longest) {
    for (const Request& request : requests) {
      if (now - request.since < longest) break;
      if (request.kind == Kind::kCall) overdue.push_back(request.reader);
    }
  };
  add_from(admitted_, kLongestReceive);
  add_from(waiting_, kLongestWait);
  return overdue;
}

void Admission::EraseLocked(Requests::iterator request) {
  requests_.erase(request->ticket);
  if (request->admitted) {
    held_bytes_ -= request->bytes;
    admitted_.erase(request);
    return;
  }
  if (request->kind == Kind::kCall) --waiting_calls_;
  waiting_.erase(request);
}

}  // namespace logboom
