#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_FORMATTER_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_FORMATTER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/logging/format/log_event.h"
#include "server/logging/logging_options.h"

namespace logboom {

// Turns a record into text as logging.Formatter of CPython 3.11 does, byte for
// byte: %-style formats over every LogRecord attribute and any extra by name,
// datefmt, exc_text and stack_info appended. Deliberate differences:
// - text cannot be forged (FormatterOptions::newlines, safe_text.h). But for
//   kRaw, line breaks of the format itself begin continuation lines too, since
//   a record's text may follow them;
// - a field that the record lacks, or whose value Python cannot print so (a str
//   for %d), prints as written ("%(x)d") instead of losing the record;
// - dotted names work ("%(http.request.method)s"), beside at least one field
//   whose name is one word, or CPython would refuse the format;
// - an unnamed %s (in Python the whole record's dict), a `*`, and widths and
//   precisions over 10,000 are refused.
// record_fields.h says where each field's value comes from. Of an exception
// only its stack trace is appended: a record that has exception.type or
// exception.message alone prints neither, unless the format names them.
//
// Not thread-safe: each handler has its own, with its caches.
class Formatter {
 public:
  // Compiles the format. `start` is the zero of relativeCreated for records
  // that bring none.
  // Errors: INVALID_ARGUMENT, what CPython refuses or what would fail at every
  // record (a bad conversion, an incomplete field), saying what and where.
  static absl::StatusOr<std::unique_ptr<Formatter>> Create(
      const FormatterOptions& options, absl::Time start);

  virtual ~Formatter() = default;

  // Appends the record's text, without a line end after it.
  virtual void Format(const LogEvent& event, std::string* out) = 0;

  // How often a field was missing so far. The first time it is also reported,
  // in one diagnostic line.
  virtual int64_t missing_fields() const = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_FORMATTER_H_
