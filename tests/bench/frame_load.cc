#include "tests/bench/frame_load.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/bench/tcp_client.h"

namespace logboom {
namespace {

constexpr int64_t kChunkBytes = 256 << 10;
constexpr absl::Duration kInterval = absl::Microseconds(200);
// Without a single record more in the file.
constexpr absl::Duration kPatience = absl::Seconds(5);

}  // namespace

std::string LengthPrefixed(absl::string_view payload) {
  const uint32_t length = htonl(static_cast<uint32_t>(payload.size()));
  std::string frame(reinterpret_cast<const char*>(&length), sizeof length);
  frame.append(payload.data(), payload.size());
  return frame;
}

FrameLoad::FrameLoad(LoadOptions options, absl::string_view message)
    : options_(std::move(options)),
      message_bytes_(static_cast<int64_t>(message.size())),
      messages_per_chunk_(std::clamp<int64_t>(kChunkBytes / message_bytes_, 1,
                                              options_.messages_each)) {
  for (int64_t i = 0; i < messages_per_chunk_; ++i) {
    chunk_.append(message.data(), message.size());
  }
}

absl::Status FrameLoad::Open(absl::Time deadline) {
  for (int i = 0; i < options_.connections; ++i) {
    LOGBOOM_ASSIGN_OR_RETURN(UniqueFd connection, ConnectTcp(options_.address));
    connections_.push_back(std::move(connection));
  }
  return absl::OkStatus();
}

absl::Status FrameLoad::Send(OutputProgress* written, absl::Time deadline) {
  for (int64_t sent = 0; sent < options_.messages_each;) {
    const int64_t now =
        std::min(messages_per_chunk_, options_.messages_each - sent);
    LOGBOOM_RETURN_IF_ERROR(
        SendOnEach(absl::string_view(chunk_).substr(0, now * message_bytes_),
                   now, written, deadline));
    sent += now;
  }
  return absl::OkStatus();
}

// In turns, so that all connections have something to read, and a long message
// is under way on all of them.
absl::Status FrameLoad::SendOnEach(absl::string_view bytes, int64_t messages,
                                   OutputProgress* written,
                                   absl::Time deadline) {
  while (!bytes.empty()) {
    const absl::string_view part = bytes.substr(0, kChunkBytes);
    bytes.remove_prefix(part.size());
    for (const UniqueFd& connection : connections_) {
      if (absl::Now() > deadline) {
        return absl::DeadlineExceededError("not all is sent");
      }
      if (options_.paced)
        LOGBOOM_RETURN_IF_ERROR(WaitForRoom(written, deadline));
      LOGBOOM_RETURN_IF_ERROR(SendBytes(connection.get(), part));
      if (bytes.empty()) sent_messages_ += messages;
    }
  }
  return absl::OkStatus();
}

absl::Status FrameLoad::WaitForRoom(OutputProgress* written,
                                    absl::Time deadline) const {
  int64_t last = -1;
  absl::Time moved = absl::Now();
  while (true) {
    const int64_t records = written->records();
    const int64_t unwritten =
        sent_messages_ - records / options_.records_per_message;
    if (unwritten * message_bytes_ < kWindowBytes) return absl::OkStatus();
    const absl::Time now = absl::Now();
    if (records != last) moved = now;
    last = records;
    if (now - moved > kPatience) return absl::DataLossError("not written");
    if (now > deadline) return absl::DeadlineExceededError("not all is sent");
    absl::SleepFor(kInterval);
  }
}

}  // namespace logboom
