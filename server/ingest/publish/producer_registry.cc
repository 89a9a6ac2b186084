#include "server/ingest/publish/producer_registry.h"

#include <utility>

namespace logboom {

void ProducerRegistry::TakeOver(const ProducerId& id,
                                std::shared_ptr<Speaker> speaker,
                                absl::AnyInvocable<void()> my_turn) {
  std::shared_ptr<Speaker> older;
  bool had_its_turn;
  {
    MutexLock lock(&mu_);
    Seat& seat = seats_[id];
    older = std::exchange(seat.speaker, std::move(speaker));
    had_its_turn = !seat.settling;
    if (seat.settling || older != nullptr) {
      seat.settling = true;
      my_turn.swap(seat.my_turn);  // what was there is dropped without the lock
    }
  }
  if (older == nullptr) {
    if (my_turn) my_turn();
  } else if (had_its_turn) {
    older->Fence([this, id] { OnSettled(id); });
  } else {
    older->Fence([] {});  // it has nothing under way
  }
}

void ProducerRegistry::OnSettled(const ProducerId& id) {
  absl::AnyInvocable<void()> my_turn;
  {
    MutexLock lock(&mu_);
    const auto found = seats_.find(id);
    found->second.settling = false;
    my_turn.swap(found->second.my_turn);
    if (found->second.speaker == nullptr) seats_.erase(found);
  }
  if (my_turn) my_turn();
}

void ProducerRegistry::Leave(const ProducerId& id, const Speaker* speaker) {
  Seat left;  // destroyed without the lock
  MutexLock lock(&mu_);
  const auto found = seats_.find(id);
  if (found == seats_.end() || found->second.speaker.get() != speaker) return;
  left.speaker.swap(found->second.speaker);
  left.my_turn.swap(found->second.my_turn);
  if (!found->second.settling) seats_.erase(found);
}

size_t ProducerRegistry::size() const {
  MutexLock lock(&mu_);
  return seats_.size();
}

}  // namespace logboom
