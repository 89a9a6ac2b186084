#include "tests/bench/publish_load.h"

#include <utility>

#include "absl/strings/cord.h"
#include "base/status_macros.h"

namespace logboom {

PublishLoad::PublishLoad(const LoadOptions& options, bool synced,
                         const std::vector<std::string>& batches)
    : messages_each_(static_cast<uint64_t>(options.messages_each)) {
  const std::vector<absl::Cord> cords(batches.begin(), batches.end());
  for (int i = 0; i < options.connections; ++i) {
    AckLatencies* const latencies =
        latencies_.emplace_back(std::make_unique<AckLatencies>(messages_each_))
            .get();
    BatchStream::Options stream = {
        .server = options.address,
        .synced = synced,
        .max_in_flight = static_cast<uint64_t>(options.in_flight),
        .reopens = options.insists,
        .on_send = [latencies](uint64_t n) { latencies->Sending(n); },
        .on_ack = [latencies](uint64_t n) { latencies->AckedUpTo(n); }};
    streams_.push_back(std::make_unique<BatchStream>(std::move(stream), cords));
  }
}

absl::Status PublishLoad::Open(absl::Time deadline) {
  for (const auto& stream : streams_) {
    LOGBOOM_RETURN_IF_ERROR(stream->Open(deadline));
  }
  return absl::OkStatus();
}

absl::Status PublishLoad::Send(OutputProgress*, absl::Time deadline) {
  for (const auto& stream : streams_) stream->SendUpTo(messages_each_);
  for (const auto& stream : streams_) {
    LOGBOOM_RETURN_IF_ERROR(stream->WaitForAck(messages_each_, deadline));
  }
  return absl::OkStatus();
}

std::vector<absl::Duration> PublishLoad::latencies() const {
  std::vector<absl::Duration> all;
  for (const auto& some : latencies_) some->AppendTo(&all);
  return all;
}

}  // namespace logboom
