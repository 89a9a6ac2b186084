#ifndef LOGBOOM_PROTO_WIRE_OTLP_REPAIR_H_
#define LOGBOOM_PROTO_WIRE_OTLP_REPAIR_H_

#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// An ExportLogsServiceRequest that CheckExport accepts with malformed records,
// without these: all other fields are copied as they came, in their order, with
// new lengths around them. Pure, thread-safe; for the rare request that needs
// it.
std::string WithoutMalformedRecords(absl::string_view request);

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_OTLP_REPAIR_H_
