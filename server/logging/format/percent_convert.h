#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_CONVERT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_CONVERT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/logging/format/percent_format.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// What the % operator of CPython 3.11 makes of one value: "%-8.3s" % (value,).
// False where it raises (a str for %d, nan for %d, a code point beyond
// Unicode); `out` is then as it was. Characters are counted as utf8.h does.
bool AppendConverted(const PercentSpec& spec, const PyValue& value,
                     std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_CONVERT_H_
