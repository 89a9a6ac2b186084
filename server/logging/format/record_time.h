#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_RECORD_TIME_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_RECORD_TIME_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/logging/format/log_event.h"
#include "server/logging/format/py_value.h"
#include "server/logging/format/time_format.h"

namespace logboom {

// The times of logging.LogRecord, as CPython's floats have them (FORMAT.md,
// § 6.2).

// time.time() at `time`; 0 for any before 1970.
double SecondsSinceEpoch(absl::Time time);

// When a record happened, else when it was observed, else when it was received.
uint64_t UnixNanosOf(const LogEvent& event);

// `created` of a record that brings none of its own.
double CreatedOf(const LogEvent& event);

// `msecs` of a record that brings none of its own.
double MsecsOf(double created);

// `asctime`: Formatter.formatTime. Not thread-safe.
class Asctime {
 public:
  // An empty `datefmt` is Python's default. It must have passed
  // TimeFormat::Check().
  explicit Asctime(absl::string_view datefmt);

  // Of a record that brings no `created` or `msecs` of its own. Valid until the
  // next call. nullopt where Python raises: a time that is none.
  std::optional<absl::string_view> Format(uint64_t unix_nano);
  // The same of one that does: null `msecs` are what follows from `created`.
  // nullopt for msecs that are no number, too.
  std::optional<absl::string_view> Format(double created,
                                          const std::optional<PyValue>& msecs);

 private:
  const bool default_datefmt_;
  TimeFormat time_format_;
  std::string text_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_RECORD_TIME_H_
