#ifndef LOGBOOM_SERVER_INGEST_PROBE_ADDRESS_H_
#define LOGBOOM_SERVER_INGEST_PROBE_ADDRESS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace logboom {

// "host:port"; an IPv6 address gets its brackets.
std::string FormatAddress(absl::string_view host, uint16_t port);

// Whether a TCP socket can be bound to this address now, by doing it and
// letting go of it. For gRPC, which does not say why it cannot listen.
// Errors: FAILED_PRECONDITION with the reason: "address in use".
absl::Status ProbeAddress(absl::string_view host, uint16_t port);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PROBE_ADDRESS_H_
