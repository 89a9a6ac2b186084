#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_MERGE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_MERGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// `format % args` of CPython 3.11, as LogRecord.getMessage uses it: args is a
// tuple of values, a dict for %(key)s, or one value. Both come from a record.
// False where Python raises, and for fields wider than kMaxPercentWidth; `out`
// is then as it was.
bool AppendMerged(absl::string_view format, const PyValue& args,
                  std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_MERGE_H_
