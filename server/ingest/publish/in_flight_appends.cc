#include "server/ingest/publish/in_flight_appends.h"

namespace logboom {

InFlightAppends::Ticket InFlightAppends::Add(uint64_t number, int64_t bytes) {
  const Ticket ticket = first_ticket_ + batches_.size();
  batches_.push_back({number, bytes + kOverheadBytes, false});
  bytes_ += bytes + kOverheadBytes;
  return ticket;
}

void InFlightAppends::Stored(Ticket ticket) {
  batches_[ticket - first_ticket_].stored = true;
  while (!batches_.empty() && batches_.front().stored) {
    settled_ = batches_.front().number;
    bytes_ -= batches_.front().bytes;
    batches_.pop_front();
    ++first_ticket_;
  }
}

}  // namespace logboom
