#ifndef LOGBOOM_BASE_GRPC_STATUS_H_
#define LOGBOOM_BASE_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace logboom {

// The only conversions between the two status types; the codes are the same
// numbers by specification (google.rpc.Code). Messages are kept; gRPC's binary
// error_details are not. Thread-safe.
grpc::Status ToGrpcStatus(const absl::Status& status);
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace logboom

#endif  // LOGBOOM_BASE_GRPC_STATUS_H_
