#ifndef LOGBOOM_TESTS_BENCH_FRAME_LOAD_H_
#define LOGBOOM_TESTS_BENCH_FRAME_LOAD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "tests/bench/load.h"

namespace logboom {

// The payload behind its length in 4 bytes, as the raw port takes it.
std::string LengthPrefixed(absl::string_view payload);

// One message over and over on plain TCP connections that never answer. A
// server that cannot push back drops what it has no room for, so no more than
// kWindowBytes are sent and not written, if the load is paced.
class FrameLoad final : public Load {
 public:
  static constexpr int64_t kWindowBytes = int64_t{16} << 20;

  // `message` has all bytes that are sent, its framing included.
  FrameLoad(LoadOptions options, absl::string_view message);

  absl::Status Open(absl::Time deadline) override;
  absl::Status Send(OutputProgress* written, absl::Time deadline) override;

 private:
  // `bytes` are so many messages.
  absl::Status SendOnEach(absl::string_view bytes, int64_t messages,
                          OutputProgress* written, absl::Time deadline);
  absl::Status WaitForRoom(OutputProgress* written, absl::Time deadline) const;

  const LoadOptions options_;
  const int64_t message_bytes_;
  int64_t messages_per_chunk_;
  std::string chunk_;  // what one turn of a connection sends
  std::vector<UniqueFd> connections_;
  int64_t sent_messages_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_FRAME_LOAD_H_
