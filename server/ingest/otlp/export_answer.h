#ifndef LOGBOOM_SERVER_INGEST_OTLP_EXPORT_ANSWER_H_
#define LOGBOOM_SERVER_INGEST_OTLP_EXPORT_ANSWER_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/wire/structure_check.h"

namespace logboom {

// How an Export is answered (OTLP specification, "OTLP/gRPC Response"). Pure
// functions, thread-safe.

// An ExportLogsServiceResponse: partial_success is set when there are malformed
// records, with their number and what is wrong with the first.
grpc::ByteBuffer EncodeExportResponse(const MalformedRecords& malformed);

// What the call ends with. UNAVAILABLE, which a client tries again, carries a
// google.rpc.RetryInfo with `retry_after`; others are for good.
grpc::Status ExportFailure(const absl::Status& why, absl::Duration retry_after);

// The specification has a RetryInfo in the status's details. OpenTelemetry's
// SDK for Python reads it nowhere but in this trailing metadata
// (opentelemetry/exporter/otlp/proto/grpc/exporter.py).
inline constexpr char kRetryInfoMetadata[] = "google.rpc.retryinfo-bin";
std::string EncodeRetryInfo(absl::Duration retry_after);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_OTLP_EXPORT_ANSWER_H_
