#include "server/journal/producer_table.h"

#include <algorithm>
#include <cstring>

#include "logboom/v1/journal.pb.h"

namespace logboom {
namespace {

// A ProducerState takes about 45 bytes: parts of about 1 MiB.
constexpr int kProducersPerPart = 24'000;

}  // namespace

uint64_t ProducerTable::LastSequence(const ProducerId& id,
                                     uint64_t epoch) const {
  const auto found = producers_.find(id);
  if (found == producers_.end() || found->second.epoch != epoch) return 0;
  return found->second.last_sequence;
}

void ProducerTable::Stored(const EntryHeader& header) {
  if (header.anonymous || header.sequence == 0) return;
  producers_[header.producer_id] = {
      .epoch = header.session_epoch,
      .last_sequence = header.sequence,
      .last_heard_unix_nano = header.received_unix_nano};
}

void ProducerTable::Add(const ProducerTable& later) {
  for (const auto& [id, producer] : later.producers_) producers_[id] = producer;
}

void ProducerTable::ForgetBefore(absl::Time time) {
  const auto nanos =
      static_cast<uint64_t>(std::max(absl::ToUnixNanos(time), int64_t{0}));
  absl::erase_if(producers_, [nanos](const auto& item) {
    return item.second.last_heard_unix_nano < nanos;
  });
}

std::vector<std::string> ProducerTable::Encode() const {
  std::vector<std::string> parts;
  v1::ProducerSnapshot part;
  for (const auto& [id, producer] : producers_) {
    if (part.producers_size() == kProducersPerPart) {
      parts.push_back(part.SerializeAsString());
      part.Clear();
      part.set_part(static_cast<uint32_t>(parts.size()));
    }
    v1::ProducerState& state = *part.add_producers();
    state.set_producer_id(id.data(), id.size());
    state.set_session_epoch(producer.epoch);
    state.set_last_sequence(producer.last_sequence);
    state.set_last_heard_unix_nano(producer.last_heard_unix_nano);
  }
  part.set_complete(true);
  parts.push_back(part.SerializeAsString());
  return parts;
}

absl::StatusOr<ProducerTable::Part> ProducerTable::Load(
    absl::string_view snapshot) {
  v1::ProducerSnapshot part;
  if (!part.ParseFromArray(snapshot.data(),
                           static_cast<int>(snapshot.size()))) {
    return absl::DataLossError("not a ProducerSnapshot");
  }
  producers_.reserve(producers_.size() +
                     static_cast<size_t>(part.producers_size()));
  for (const v1::ProducerState& state : part.producers()) {
    ProducerId id;
    if (state.producer_id().size() != id.size()) {
      return absl::DataLossError("a producer id that has not 16 bytes");
    }
    std::memcpy(id.data(), state.producer_id().data(), id.size());
    producers_[id] = {.epoch = state.session_epoch(),
                      .last_sequence = state.last_sequence(),
                      .last_heard_unix_nano = state.last_heard_unix_nano()};
  }
  return Part{.number = part.part(), .last = part.complete()};
}

}  // namespace logboom
