#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_INDEX_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_INDEX_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// value[key] and value[number] of Python, for dicts of any kind, lists, tuples,
// deques and strs; `number` is not negative. nullopt where Python raises, and
// for values of other types.
std::optional<PyValue> Subscript(const PyValue& value, absl::string_view key);
std::optional<PyValue> Subscript(const PyValue& value, int number);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_INDEX_H_
