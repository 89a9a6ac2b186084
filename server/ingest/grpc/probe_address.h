#ifndef LOGBOOM_SERVER_INGEST_GRPC_PROBE_ADDRESS_H_
#define LOGBOOM_SERVER_INGEST_GRPC_PROBE_ADDRESS_H_

#include "absl/status/status.h"
#include "base/host_port.h"

namespace logboom {

// Whether a TCP socket can be bound to this address now, by doing it and
// letting go of it. For gRPC, which does not say why it cannot listen.
// Errors: FAILED_PRECONDITION with the reason: "address in use".
absl::Status ProbeAddress(const HostPort& address);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_GRPC_PROBE_ADDRESS_H_
