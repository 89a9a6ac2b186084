#ifndef LOGBOOM_PROTO_WIRE_OTLP_FIELDS_H_
#define LOGBOOM_PROTO_WIRE_OTLP_FIELDS_H_

#include <cstdint>

// Field numbers of the messages around OTLP's records
// (proto/opentelemetry/proto/logs/v1/logs.proto).
namespace logboom::otlp {

inline constexpr uint32_t kResourceLogs = 1;  // of ExportLogsServiceRequest
inline constexpr uint32_t kResource = 1;      // of ResourceLogs
inline constexpr uint32_t kScopeLogs = 2;
inline constexpr uint32_t kScope = 1;  // of ScopeLogs
inline constexpr uint32_t kLogRecords = 2;
inline constexpr uint32_t kResourceAttributes = 1;  // of Resource
inline constexpr uint32_t kScopeName = 1;           // of InstrumentationScope
inline constexpr uint32_t kScopeVersion = 2;
inline constexpr uint32_t kScopeAttributes = 3;

}  // namespace logboom::otlp

#endif  // LOGBOOM_PROTO_WIRE_OTLP_FIELDS_H_
