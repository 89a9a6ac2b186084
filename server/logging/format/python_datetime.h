#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_DATETIME_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_DATETIME_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// str() and repr() of the classes of Python's datetime and zoneinfo modules, as
// proto/FORMAT.md, § 6.4 writes them. Each returns false, having appended
// nothing, when the value is none of them or lacks a part.
//
// An aware datetime's offset is that of its timezone, or of its ZoneInfo by
// this machine's time zone database; with any other tzinfo, or a zone that is
// not known here, str() ends without an offset.
bool AppendDatetimeStr(const PyValue& value, std::string* out);

// `nested` is the repr() of the tzinfo, which may be any value.
using NestedRepr = absl::FunctionRef<void(const PyValue&, std::string*)>;
bool AppendDatetimeRepr(const PyValue& value, NestedRepr nested,
                        std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_DATETIME_H_
