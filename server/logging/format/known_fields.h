#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_KNOWN_FIELDS_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_KNOWN_FIELDS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace logboom {

// The names that a format can use of every record, and the attributes that hold
// their values: proto/FORMAT.md, § 6.1, and OpenTelemetry's older names.
// In the order of the table in known_fields.cc.
enum KnownField : int {
  kName,
  kMsg,
  kArgs,
  kMessage,
  kLevelno,
  kLevelname,
  kPathname,
  kFilename,
  kModule,
  kLineno,
  kFuncName,
  kCreated,
  kMsecs,
  kRelativeCreated,
  kAsctime,
  kThread,
  kThreadName,
  kProcess,
  kProcessName,
  kTaskName,
  kExcInfo,
  kExcText,
  kStackInfo,
  kTraceId,
  kSpanId,
  kOtelTraceId,
  kOtelSpanId,
  kOtelTraceSampled,
  kOtelServiceName,
  kKnownFieldCount,
};

// nullopt for any other name.
std::optional<KnownField> FindKnownField(absl::string_view name);

// The attributes that may hold the field: the first one present counts.
absl::Span<const absl::string_view> KnownFieldPlaces(KnownField field);

// Whether an extra of this name is kept as attribute python.extra.NAME, because
// a known field's value is kept under the name itself.
bool IsMovedExtra(absl::string_view name);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_KNOWN_FIELDS_H_
