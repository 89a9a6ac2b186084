#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_FORMAT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_FORMAT_H_

#include <string>

#include "server/logging/format/py_value.h"
#include "server/logging/format/python_format_spec.h"

namespace logboom {

// format(value, spec) of CPython 3.11: str, bool, int and float take what
// Python gives them; every other value an empty specification only, which for
// Decimal, complex, datetime, date and time Python extends. False where it
// raises, and for those; `out` is then as it was. Characters are counted as
// utf8.h does.
bool AppendFormatted(const FormatSpec& spec, const PyValue& value,
                     std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_FORMAT_H_
