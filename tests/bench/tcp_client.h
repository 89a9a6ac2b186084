#ifndef LOGBOOM_TESTS_BENCH_TCP_CLIENT_H_
#define LOGBOOM_TESTS_BENCH_TCP_CLIENT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"

namespace logboom {

// A blocking connection to a port of this machine. Its calls fail with EAGAIN
// after kTcpPatience without progress.
inline constexpr absl::Duration kTcpPatience = absl::Seconds(10);
absl::StatusOr<UniqueFd> ConnectTcp(const std::string& address);

// A port of this machine that is free now.
absl::StatusOr<uint16_t> FindFreePort();

// Waits until some program listens on a port of this machine, without a
// connection that it would take for a peer. Errors: DEADLINE_EXCEEDED.
absl::Status WaitForListener(uint16_t port, absl::Time deadline);

// Writes all of it.
absl::Status SendBytes(int fd, absl::string_view bytes);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_TCP_CLIENT_H_
